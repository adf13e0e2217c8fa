/** A change of many objects at once, as the pages name it. */
import type { BatchChange, BatchOutcome, BatchPreview } from "@/api/types";

/** `own` are the API keys of whoever is signed in. */
export type Subject = "channel" | "model" | "user" | "own";

/** What is done with all of them. The words for it are in the catalogue `batch`. */
export type Act =
  | "enable"
  | "disable"
  | "order"
  | "groups"
  | "user_group"
  | "limits"
  | "revoke"
  | "delete";

export type PreviewItem = BatchPreview["items"][number];
export type OutcomeItem = BatchOutcome["items"][number];
export type FieldChange = PreviewItem["changes"][number];
export type Miss = NonNullable<PreviewItem["skipped"]>;

/** What the server takes at once. */
export const mostItems = 500;

/** What an act means, where nothing has to be chosen. */
export const changeOf: Partial<Record<Act, BatchChange>> = {
  enable: { enabled: true },
  disable: { enabled: false },
  revoke: { revoke: true },
  delete: { delete: true },
};

/** Acts that end something. */
export const isEnd = (act: Act) => act === "revoke" || act === "delete";

/** The key of the words for so many of them. */
export const nounOf = (subject: Subject) => (subject === "own" ? "api_key" : subject);

/** More than can be changed at once match. */
export class TooMany extends Error {
  override name = "TooMany";
}
