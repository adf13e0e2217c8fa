/** Whether only what was not read is listed, kept in the address of the list as one of its terms. */
import { exactly, type Term } from "@/filter/grammar";

export const readChoices = ["all", "unread"] as const;
export type ReadChoice = (typeof readChoices)[number];

export const choiceIn = (terms: readonly Term[]): ReadChoice =>
  terms.some(({ field, values }) => field === "state" && values[0]?.text === "unread")
    ? "unread"
    : "all";

export const termsOf = (choice: ReadChoice): readonly Term[] =>
  choice === "all" ? [] : [{ field: "state", operator: ":", values: [exactly(choice)] }];
