import {
  type APIRequestContext,
  type BrowserContext,
  expect,
  type Page,
  request,
} from "@playwright/test";

import type { Stage } from "./stage";

/** Somebody with a session: the cookies, and the id that every call must carry. */
export interface Person {
  readonly username: string;
  readonly password: string;
  readonly id: string;
  /** Calls the API as this person. */
  readonly api: APIRequestContext;
}

/** Everybody's. */
export const password = "correct horse battery staple";

/** Takes the set-up code and becomes root. */
export async function becomeRoot(stage: Stage, username = "root"): Promise<Person> {
  const data = { code: stage.setupCode, username, password };
  return await open(stage, username, "/api/setup", data, 201);
}

/** Logs somebody in. */
export async function logIn(stage: Stage, username: string): Promise<Person> {
  return await open(stage, username, "/api/session", { login: username, password }, 200);
}

/** Makes an account and logs in with it. */
export async function addUser(stage: Stage, root: Person, username: string): Promise<Person> {
  const made = await root.api.put(`/api/admin/users/${username}`, { data: { username, password } });
  expect(made.status(), await made.text()).toBe(201);
  return await logIn(stage, username);
}

/** Gives a browser the session of somebody. */
export async function enter(context: BrowserContext, person: Person) {
  const { cookies } = await person.api.storageState();
  await context.addCookies(cookies);
}

async function open(
  stage: Stage,
  username: string,
  path: string,
  data: Record<string, string>,
  status: number,
): Promise<Person> {
  const plain = await request.newContext({
    baseURL: stage.url,
    extraHTTPHeaders: { origin: stage.url },
  });
  const opened = await plain.post(path, { data });
  expect(opened.status(), await opened.text()).toBe(status);
  const answer = await opened.json();
  const id: string = (answer.me ?? answer).id;
  const storageState = await plain.storageState();
  await plain.dispose();
  const api = await request.newContext({
    baseURL: stage.url,
    storageState,
    extraHTTPHeaders: { origin: stage.url, "realms-user": id },
  });
  return { username, password, id, api };
}

/** Takes the pointer off every link: the headless shell draws a page with it in the corner, on the link to the
    dashboard, which is then fetched ahead. */
export async function restPointer(page: Page): Promise<void> {
  await page.mouse.move(1, 450);
}
