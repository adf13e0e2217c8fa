/** What became of the session a call belongs to. */
import type { Decision } from "@/api/types";
import { exclusionWord, type Reader } from "./words";

/** Whether the session goes on where it was served, moves on, or is only named; nothing where there is none. */
export function sessionSentence(reader: Reader, decision: Decision): string | undefined {
  const { t } = reader;
  const { bond, released, session, dialect } = decision;
  if (released !== undefined) {
    const reason = exclusionWord(reader, { excluded: released }, dialect);
    return bond === undefined
      ? t("session.moved", { reason })
      : t("session.moved_from", { credential: bond, reason });
  }
  if (bond !== undefined) return t("session.stays_with", { credential: bond });
  if (decision.considered.some(({ bonded }) => bonded)) return t("session.stays");
  return session ? t("funnel.session") : undefined;
}
