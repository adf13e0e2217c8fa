import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { Segmented } from "@/components/ui/segmented";
import type { Thread } from "./thread";
import { useThreadName } from "./thread-name";

interface Props {
  threads: readonly Thread[];
  children: (thread: Thread) => ReactNode;
}

/** What there is of one thread, with a choice of which where there are several. */
export function ThreadPicker({ threads, children }: Props) {
  const { t } = useTranslation("playground");
  const [chosen, setChosen] = useState<string>();
  const nameOf = useThreadName(threads);
  const thread = threads.find(({ id }) => id === chosen) ?? threads[0];
  if (!thread) return null;
  return (
    <div className="space-y-4">
      {threads.length > 1 && (
        <Segmented
          label={t("compare.shown")}
          options={threads.map((one) => ({ value: one.id, label: nameOf(one) }))}
          value={thread.id}
          onChange={setChosen}
        />
      )}
      {children(thread)}
    </div>
  );
}
