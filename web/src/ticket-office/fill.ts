/** Puts what a ticket says into a canned reply. */
import type { TicketView } from "@/api/types";

/** What stands in a canned reply for something of the ticket. */
export const marks = { user_mark: "{{user}}", ticket_mark: "{{ticket}}" };

export function filled(body: string, { username = "", id }: Pick<TicketView, "username" | "id">) {
  return body.replaceAll(marks.user_mark, () => username).replaceAll(marks.ticket_mark, () => id);
}
