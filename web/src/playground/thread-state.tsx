import { CircleAlert, CircleCheck, CircleStop } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Spinner } from "@/components/ui/spinner";
import { stateOf, type Thread } from "./thread";

/** How the last request of a thread is doing: a mark, with its word for those who do not see it. */
export function ThreadState({ thread }: { thread: Thread }) {
  const { t } = useTranslation("playground");
  const state = stateOf(thread);
  if (!state) return null;
  return (
    <span className="inline-flex shrink-0 items-center" title={t(`compare.${state}`)}>
      {state === "running" && <Spinner />}
      {state === "failed" && (
        <CircleAlert aria-hidden="true" className="size-4 stroke-[1.5] text-err" />
      )}
      {state === "stopped" && (
        <CircleStop aria-hidden="true" className="size-4 stroke-[1.5] text-fg-3" />
      )}
      {state === "done" && (
        <CircleCheck aria-hidden="true" className="size-4 stroke-[1.5] text-ok" />
      )}
      <span className="sr-only">{t(`compare.${state}`)}</span>
    </span>
  );
}
