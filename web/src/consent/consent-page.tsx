import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import { linkLook, PublicPage } from "@/auth/public-page";
import { ProblemDetails, ProblemNotice } from "@/components/problem-notice";
import { useProblemText } from "@/components/problem-text";
import { toast } from "@/components/toast";
import { ErrorState } from "@/components/ui/error-state";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { useSignOut } from "@/session/sign-out";
import { useMe } from "@/session/use-me";
import { ConsentCard } from "./consent-card";
import { authorizationQuery } from "./queries";
import { useAnswer } from "./use-answer";

/** Of an app with these nobody is sent on: neither it nor the address it names can be trusted. */
const mistakes = ["unknown_client", "redirect_mismatch"] as const;

/** An app sent somebody here with this query, to be let in. */
export function ConsentPage({ query }: { query: string }) {
  const { t } = useTranslation("consent");
  const me = useMe();
  const { data, error, refetch } = useQuery(authorizationQuery(query));
  const { stage, sent, error: refusal, answer, leave } = useAnswer(query);
  const switchAccount = useSwitch();
  const { redirect_to, consent } = data ?? {};
  const isRemembered = consent?.remembered === true;
  useEffect(() => {
    if (redirect_to !== undefined) leave(redirect_to);
  }, [redirect_to, leave]);
  useEffect(() => {
    if (isRemembered) void answer("approve", true);
  }, [isRemembered, answer]);

  if (error) return <Unasked error={error} onRetry={() => void refetch()} />;
  if (stage === "back") return <Said>{t("back")}</Said>;
  const isLeaving = stage === "left" || redirect_to !== undefined;
  if (isLeaving || (isRemembered && refusal === undefined)) return <Said>{t("leaving")}</Said>;
  return (
    <PublicPage title={t("title")}>
      {consent ? (
        <ConsentCard
          consent={consent}
          account={me}
          onSwitch={switchAccount}
          onAnswer={(decision, remember) => void answer(decision, remember)}
          sent={sent}
          problem={<ProblemNotice error={refusal} />}
        />
      ) : (
        <Skeleton className="h-96 w-full" />
      )}
    </PublicPage>
  );
}

/** Signs out, to come back here as somebody else. */
function useSwitch(): () => void {
  const { history } = useRouter();
  const signOut = useSignOut();
  const words = useProblemText();
  return () =>
    void signOut(history.location.href).catch((error) => toast.failed(words(asProblem(error))));
}

/** Nothing is left to be done here. */
function Said({ children }: { children: ReactNode }) {
  const { t } = useTranslation("consent");
  return (
    <PublicPage title={t("title")}>
      <p role="status" className="text-fg-2">
        {children}
      </p>
    </PublicPage>
  );
}

/** Why nothing can be asked. */
function Unasked({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation(["consent", "errors"]);
  const { code } = asProblem(error);
  const mistake = mistakes.find((one) => one === code);
  if (mistake === undefined) {
    return (
      <PublicPage title={t("consent:title")}>
        <ErrorState error={error} onRetry={onRetry} />
      </PublicPage>
    );
  }
  return (
    <PublicPage
      title={t("consent:wrong.title")}
      footer={
        <a href="/" className={linkLook}>
          {t("errors:page.home")}
        </a>
      }
    >
      <div role="alert" className="space-y-2">
        <Notice tone="err">{t(`consent:wrong.${mistake}`)}</Notice>
        <p className="text-fg-2">{t("consent:wrong.whom")}</p>
      </div>
      <ProblemDetails error={error} />
    </PublicPage>
  );
}
