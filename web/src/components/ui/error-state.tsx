import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import { ProblemDetails } from "@/components/problem-notice";
import { useProblemText } from "@/components/problem-text";
import { Button } from "./button";
import { Empty } from "./empty";

/** Something could not be loaded: what happened, a way to try again, the request's id. */
export function ErrorState(props: { error: unknown; onRetry?: () => void; className?: string }) {
  const { t } = useTranslation(["errors", "common"]);
  const words = useProblemText();
  return (
    <div role="alert" className={props.className}>
      <Empty
        title={t("page.load_heading")}
        text={words(asProblem(props.error))}
        action={
          <div className="flex flex-col items-center gap-3">
            {props.onRetry && <Button onClick={props.onRetry}>{t("common:retry")}</Button>}
            <ProblemDetails error={props.error} />
          </div>
        }
      />
    </div>
  );
}
