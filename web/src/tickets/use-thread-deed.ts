import { useQueryClient } from "@tanstack/react-query";
import type { TicketThreadView } from "@/api/types";
import { useAttempt } from "@/form/use-attempt";
import { type Side, takeThread } from "./queries";

/** Does something to a ticket, and shows what became of it. */
export function useThreadDeed(side: Side) {
  const queries = useQueryClient();
  const { busy, error, attempt } = useAttempt();
  const run = (deed: () => Promise<TicketThreadView>) =>
    attempt(async () => takeThread(queries, side, await deed()));
  return { busy, error, run };
}
