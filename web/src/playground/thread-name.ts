import { useTranslation } from "react-i18next";

import type { Thread } from "./thread";

/** What to call a thread: its model, with the dialect where the same model is there twice. */
export function useThreadName(threads: readonly Thread[]): (thread: Thread) => string {
  const { t } = useTranslation("playground");
  return (thread) => {
    const twins = threads.filter(({ model }) => model === thread.model);
    if (twins.length < 2) return thread.model;
    const dialect = t(`dialect.${thread.dialect}`);
    const same = twins.filter((twin) => twin.dialect === thread.dialect);
    return same.length < 2
      ? `${thread.model} · ${dialect}`
      : `${thread.model} · ${dialect} ${same.indexOf(thread) + 1}`;
  };
}
