import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { ChannelView } from "@/api/types";
import { useProblemText } from "@/components/problem-text";
import { saveFile } from "@/components/save-file";
import { toast } from "@/components/toast";
import { fileOf } from "./channels-file";

type Find = (signal: AbortSignal) => Promise<readonly ChannelView[]>;

/** Saves channels as a file, without their keys. */
export function useExport(): { isRunning: boolean; run: (find: Find) => Promise<void> } {
  const { t } = useTranslation("channels");
  const words = useProblemText();
  const [isRunning, setIsRunning] = useState(false);
  const run = async (find: Find) => {
    setIsRunning(true);
    try {
      const found = await find(new AbortController().signal);
      const name = `channels-${new Date().toISOString().slice(0, 10)}.json`;
      const text = fileOf(found, t("file.about"));
      saveFile(new Blob([text], { type: "application/json" }), name);
      toast.done(t("file.saved", { count: found.length, name }));
    } catch (error) {
      const problem = asProblem(error);
      toast.failed(t("file.not_saved", { why: words(problem) }), problem.detail);
    } finally {
      setIsRunning(false);
    }
  };
  return { isRunning, run };
}
