/** What somebody typed and did not send: it stays on the device until it is sent. */
import { useEffect } from "react";

import { readPreference, removePreference, writePreference } from "@/shell/preference";

export interface Draft {
  subject?: string;
  body?: string;
  /** Whether it is a note among those who run the site: it must not come back as an answer. */
  note?: boolean;
}

const nameOf = (name: string) => `draft.${name}`;

/** What was kept under a name. Another account has names of its own. */
export function readDraft(name: string): Draft {
  try {
    const kept: unknown = JSON.parse(readPreference(nameOf(name)) ?? "{}");
    if (typeof kept !== "object" || kept === null) return {};
    const { subject, body, note } = kept as Record<string, unknown>;
    return {
      ...(typeof subject === "string" && { subject }),
      ...(typeof body === "string" && { body }),
      ...(note === true && { note }),
    };
  } catch {
    return {};
  }
}

export const forgetDraft = (name: string) => removePreference(nameOf(name));

/** Keeps a draft as it is typed; an empty one is none. */
export function useKeptDraft(name: string, { subject = "", body = "", note = false }: Draft): void {
  useEffect(() => {
    if (`${subject}${body}`.trim() === "") forgetDraft(name);
    else writePreference(nameOf(name), JSON.stringify({ subject, body, note }));
  }, [name, subject, body, note]);
}
