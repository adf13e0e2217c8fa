import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import { useProblemText } from "./problem-text";
import { Notice } from "./ui/notice";

/** Why an action did not work, beside the control that asked for it. */
export function ProblemNotice(props: {
  error: unknown;
  /** Instead of the usual words. */
  words?: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  const words = useProblemText();
  if (!props.error) return null;
  const problem = asProblem(props.error);
  return (
    <div role="alert" className={props.className}>
      <Notice tone="err" action={props.action}>
        <p>{props.words ?? words(problem)}</p>
        <ProblemDetails error={problem} />
      </Notice>
    </div>
  );
}

/** The server's own English and the request's id, folded away. */
export function ProblemDetails({ error }: { error: unknown }) {
  const { t } = useTranslation("common");
  const problem = asProblem(error);
  const lines = [problem.detail, ...problem.mistakes].filter((line) => line !== "");
  if (lines.length === 0 && problem.requestId === undefined) return null;
  return (
    <details className="text-fg-2 text-sm">
      <summary className="min-h-6 w-fit">{t("technical")}</summary>
      {lines.map((line) => (
        <p key={line} lang="en" className="font-mono text-xs [overflow-wrap:anywhere]">
          {line}
        </p>
      ))}
      {problem.requestId !== undefined && (
        <p className="font-mono text-xs [overflow-wrap:anywhere]">
          {t("request_id", { id: problem.requestId })}
        </p>
      )}
    </details>
  );
}
