/** Tickets for tests. */
import { HttpResponse } from "msw";

import type { TicketFileView, TicketMessageView, TicketThreadView, TicketView } from "@/api/types";

export const ticket = (changes: Partial<TicketView> = {}): TicketView => ({
  id: "ti_1",
  subject: "Calls fail",
  category: "calls",
  state: "open",
  unread: false,
  created_at: "2026-11-24T08:00:00Z",
  moved_at: "2026-11-24T10:00:00Z",
  ...changes,
});

export const message = (changes: Partial<TicketMessageView> = {}): TicketMessageView => ({
  id: "tm_1",
  author: "ana",
  by_staff: false,
  internal: false,
  body: "It **fails**.",
  created_at: "2026-11-24T08:00:00Z",
  files: [],
  ...changes,
});

export const answer = (changes: Partial<TicketMessageView> = {}): TicketMessageView => {
  const { author: _, ...said } = message({ id: "tm_2", by_staff: true, body: "Since when?" });
  return { ...said, ...changes };
};

export const thread = (changes: Partial<TicketThreadView> = {}): TicketThreadView => ({
  ticket: ticket(),
  messages: [message()],
  ...changes,
});

export const file = (changes: Partial<TicketFileView> = {}): TicketFileView => ({
  id: "tf_1",
  name: "trace.log",
  media_type: "text/plain; charset=utf-8",
  size: 2_048,
  expires_at: "2026-12-01T08:00:00Z",
  ...changes,
});

/** What was sent, with its body where it is JSON. */
export async function sentBy(request: Request): Promise<{ what: string; body: unknown }> {
  const { pathname, search } = new URL(request.url);
  const text = await request.text();
  const isJson = request.headers.get("content-type") === "application/json";
  return { what: `${request.method} ${pathname}${search}`, body: isJson ? JSON.parse(text) : text };
}

export const made = (body: TicketView | TicketFileView) => HttpResponse.json(body, { status: 201 });
