/** Which tickets the queue shows, kept in its address as terms. Where they say nothing: those that wait for an answer. */
import type { Term } from "@/filter/grammar";
import type { TicketFilter } from "@/tickets/queries";
import { choiceIn, type StateChoice, stateOf, termsWith, textIn } from "@/tickets/state-filter";

export interface QueueFilter {
  choice: StateChoice;
  /** A log-in name or an id; empty: of everybody. */
  user: string;
  assignee: string;
}

const usual = "open";

export const filterOf = (terms: readonly Term[]): QueueFilter => ({
  choice: choiceIn(terms, usual),
  user: textIn(terms, "user") ?? "",
  assignee: textIn(terms, "assignee") ?? "",
});

export const termsOf = ({ choice, user, assignee }: QueueFilter): readonly Term[] => [
  ...termsWith("state", choice === usual ? "" : choice),
  ...termsWith("user", user),
  ...termsWith("assignee", assignee),
];

/** What the server is asked for. */
export const askedFor = ({ choice, user, assignee }: QueueFilter): TicketFilter => ({
  ...stateOf(choice),
  ...(user !== "" && { user }),
  ...(assignee !== "" && { assignee }),
});
