import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { CircleSlash, FileQuestion, Lock, TriangleAlert, Unplug } from "lucide-react";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import { ProblemDetails } from "@/components/problem-notice";
import { useProblemText } from "@/components/problem-text";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { useDocumentTitle } from "./document-title";

const askAgainMs = 5_000;

/** Instead of a page: why it is not there, and the way on. */
export function ErrorPage({ error }: { error: unknown }) {
  const problem = asProblem(error);
  switch (problem.code) {
    case "not_found":
      return <Card kind="missing" icon={<FileQuestion />} error={error} />;
    case "forbidden":
      return <Card kind="forbidden" icon={<Lock />} error={error} />;
    case "feature_off":
      return <Card kind="feature" icon={<CircleSlash />} error={error} />;
    case "unexpected":
      return <Broken error={error} />;
    default:
      return problem.isPassing ? <Offline error={error} /> : <Failed error={error} />;
  }
}

/** There is no page at this path. */
export function NotFoundPage() {
  return <Card kind="missing" icon={<FileQuestion />} error={undefined} />;
}

type Kind = "missing" | "forbidden" | "feature" | "offline" | "broken" | "load";

function Card(props: {
  kind: Kind;
  icon: React.ReactNode;
  error: unknown;
  text?: string;
  action?: React.ReactNode;
}) {
  const { t } = useTranslation("errors");
  const heading = t(`page.${props.kind}_heading`);
  useDocumentTitle(heading);
  return (
    <div role="alert">
      <Empty
        icon={props.icon}
        title={heading}
        isPage
        text={props.text ?? t(`page.${props.kind as "missing"}_text`)}
        action={
          <div className="flex flex-col items-center gap-3">
            <div className="flex flex-wrap justify-center gap-2">
              {props.action}
              <Button asChild variant={props.action ? "ghost" : "outline"}>
                <a href="/">{t("page.home")}</a>
              </Button>
            </div>
            {props.error !== undefined && <ProblemDetails error={props.error} />}
          </div>
        }
      />
    </div>
  );
}

function Failed({ error }: { error: unknown }) {
  const { t } = useTranslation("common");
  const words = useProblemText();
  const again = useAgain();
  return (
    <Card
      kind="load"
      icon={<TriangleAlert />}
      error={error}
      text={words(asProblem(error))}
      action={<Button onClick={again}>{t("retry")}</Button>}
    />
  );
}

/** Asks again every few seconds while someone looks. */
function Offline({ error }: { error: unknown }) {
  const { t } = useTranslation("common");
  const again = useAgain();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") again();
    }, askAgainMs);
    return () => clearInterval(timer);
  }, [again]);
  return (
    <Card
      kind="offline"
      icon={<Unplug />}
      error={error}
      action={<Button onClick={again}>{t("retry")}</Button>}
    />
  );
}

function Broken({ error }: { error: unknown }) {
  const { t } = useTranslation("errors");
  return (
    <Card
      kind="broken"
      icon={<TriangleAlert />}
      error={error}
      action={<Button onClick={() => window.location.reload()}>{t("page.reload")}</Button>}
    />
  );
}

function useAgain(): () => void {
  const router = useRouter();
  const { reset } = useQueryErrorResetBoundary();
  return useCallback(() => {
    reset();
    void router.invalidate();
  }, [router, reset]);
}
