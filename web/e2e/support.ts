import { expect } from "@playwright/test";

import type { Person } from "./people";

/** Sends a file for a message to come, and tells its id. */
export async function sendFile(person: Person, name: string, text: string): Promise<string> {
  const path = `/api/ticket-files?name=${encodeURIComponent(name)}`;
  const headers = { "content-type": "application/octet-stream" };
  const taken = await person.api.post(path, { data: Buffer.from(text), headers });
  expect(taken.status(), await taken.text()).toBe(201);
  return (await taken.json()).id;
}

/** Answers a ticket as one of those who run the site. */
export async function answer(root: Person, ticket: string, body: string) {
  const said = await root.api.post(`/api/admin/tickets/${ticket}/messages`, { data: { body } });
  expect(said.status(), await said.text()).toBe(200);
}
