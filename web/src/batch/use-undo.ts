import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { BatchOutcome } from "@/api/types";
import { useProblemText } from "@/components/problem-text";
import { toast } from "@/components/toast";
import { type Act, nounOf, type Subject } from "./batch";
import { batches } from "./queries";

/** How long the way back is offered; the server keeps it open longer. */
const offeredMs = 30_000;

/** Tells what was done and offers the way back; takes it back when asked to. */
export function useUndo(subject: Subject, refresh: () => Promise<unknown>) {
  const { t } = useTranslation("batch");
  const words = useProblemText();
  const what = (count: number) => t(nounOf(subject), { count });
  async function undo(token: string) {
    try {
      const { done, items } = await batches.undo(subject, token);
      const left = items.filter(({ failed }) => failed !== undefined);
      if (done > 0) toast.done(t("undone", { what: what(done) }));
      if (left.length > 0) {
        const names = left.map(
          ({ name, failed }) => `${name}: ${failed ? t(`miss.${failed}`) : ""}`,
        );
        toast.failed(t("undo_left", { count: left.length }), names.slice(0, 5).join("; "));
      }
    } catch (error) {
      const problem = asProblem(error);
      toast.failed(words(problem), problem.requestId);
    }
    await refresh();
  }
  function tell(act: Act, outcome: BatchOutcome) {
    const token = outcome.undo?.token;
    const text = t(`done.${act}`, { what: what(outcome.done) });
    if (token === undefined) toast.done(text);
    else toast.done(text, { label: t("undo"), onPress: () => void undo(token) }, offeredMs);
  }
  return { tell, undo };
}
