import { useTranslation } from "react-i18next";

import type { ApiProblem } from "@/api/problem";

/** The words for a problem, in the language of the page. */
export function useProblemText(): (problem: ApiProblem) => string {
  const { t, i18n } = useTranslation("errors");
  return (problem) => {
    const params = { ...problem.params, seconds: problem.retryAfter ?? 60, code: problem.code };
    const known =
      i18n.exists(problem.code, { ns: "errors" }) &&
      problem.code !== "fields" &&
      problem.code !== "page";
    return known ? t(problem.code as "internal", params) : t("other", params);
  };
}

/** The words for what is wrong with one field. */
export function useMistakeText(): (code: string, detail: string) => string {
  const { t, i18n } = useTranslation("errors");
  return (code, detail) =>
    i18n.exists(`fields.${code}`, { ns: "errors" })
      ? t(`fields.${code}` as "fields.invalid")
      : detail || t("fields.invalid");
}
