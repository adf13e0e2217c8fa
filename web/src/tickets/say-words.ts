import { useTranslation } from "react-i18next";

import type { ApiProblem } from "@/api/problem";

/** Why nothing was said, where the usual words would not help. `full`: there is no room for more. */
export function useSayWords(full: string): (problem: ApiProblem) => string | undefined {
  const { t } = useTranslation("tickets");
  return ({ code, fields }) => {
    if (fields.some(({ pointer }) => pointer.startsWith("/files"))) return t("files.gone");
    if (code === "conflict") return t("thread.closed_meanwhile");
    return code === "too_large" ? full : undefined;
  };
}
