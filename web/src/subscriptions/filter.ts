/** Which subscriptions are listed, kept in the address of the list as its terms. */
import { exactly, type Term } from "@/filter/grammar";

/** What is left out narrows nothing. */
export interface SubscriptionFilter {
  /** A log-in name or an id. */
  user?: string;
  /** A short name. */
  plan?: string;
  open?: true;
}

export function filterOf(terms: readonly Term[]): SubscriptionFilter {
  const textOf = (name: string) => terms.find(({ field }) => field === name)?.values[0]?.text;
  const [user, plan] = [textOf("user"), textOf("plan")];
  return {
    ...(user !== undefined && { user }),
    ...(plan !== undefined && { plan }),
    ...(textOf("open") === "true" && { open: true }),
  };
}

export function termsOf({ user, plan, open }: SubscriptionFilter): readonly Term[] {
  const term = (field: string, text: string | undefined): Term[] =>
    text === undefined || text === "" ? [] : [{ field, operator: ":", values: [exactly(text)] }];
  return [...term("user", user), ...term("plan", plan), ...term("open", open && "true")];
}
