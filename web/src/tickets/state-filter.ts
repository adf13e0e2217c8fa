/** Which tickets are listed by their state, kept in the address of the list as one of its terms. */

import type { TicketState } from "@/api/types";
import { exactly, type Term } from "@/filter/grammar";
import { states } from "./queries";

export const stateChoices = ["all", ...states] as const;
export type StateChoice = (typeof stateChoices)[number];

/** The one value of a field, where the terms name it. */
export const textIn = (terms: readonly Term[], field: string): string | undefined =>
  terms.find((term) => term.field === field)?.values[0]?.text;

/** A field with one value as terms: none where there is nothing to say. */
export const termsWith = (field: string, text: string | undefined): readonly Term[] =>
  text === undefined || text === "" ? [] : [{ field, operator: ":", values: [exactly(text)] }];

export const choiceIn = (terms: readonly Term[], usual: StateChoice): StateChoice =>
  stateChoices.find((one) => one === textIn(terms, "state")) ?? usual;

/** The choice as the server is asked. */
export const stateOf = (choice: StateChoice): { state?: TicketState } =>
  choice === "all" ? {} : { state: choice };
