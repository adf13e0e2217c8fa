import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { LoginResult } from "@/api/types";
import { Notice } from "@/components/ui/notice";
import { useBootstrap } from "@/session/use-me";
import { LoginForm } from "./login-form";
import { OtherWays } from "./other-ways";
import { PlainHttpNotice } from "./plain-http-notice";
import { linkLook, PublicPage } from "./public-page";
import { type Factor, SecondFactorForm } from "./second-factor-form";
import { useEnter } from "./use-enter";

/** Why one is here, or why another site sent one back: the word behind `?error=`. */
const reasons = [
  "session_over",
  "denied",
  "unknown_identity",
  "registration_closed",
  "expired",
  "password_reset",
] as const;

/** What the second step takes that follows a log-in by another site. */
const elsewhere: Factor = { methods: ["totp", "recovery_code"] };

interface Props {
  returnTo: string | undefined;
  error: string | undefined;
  /** Whether another site vouched for one already. */
  secondFactor: boolean;
}

export function LoginPage(props: Props) {
  const { t } = useTranslation("auth");
  const site = useBootstrap();
  const enter = useEnter();
  const [factor, setFactor] = useState(props.secondFactor ? elsewhere : undefined);
  const go = async (result: LoginResult) => {
    if (result.me) await enter(result.me, props.returnTo);
    else setFactor(result.second_factor);
  };
  if (factor) {
    return <SecondFactorForm factor={factor} onResult={go} onBack={() => setFactor(undefined)} />;
  }
  return (
    <PublicPage
      title={t("login.title")}
      footer={
        <>
          {site.registration === "open" ? (
            <Link to="/register" className={linkLook}>
              {t("login.register")}
            </Link>
          ) : (
            <span>{t("login.closed")}</span>
          )}
          {site.mail && (
            <Link to="/forgot" className={linkLook}>
              {t("login.forgot")}
            </Link>
          )}
        </>
      }
    >
      <Reason error={props.error} />
      <PlainHttpNotice />
      <LoginForm onResult={go} />
      <OtherWays returnTo={props.returnTo} onResult={go} />
    </PublicPage>
  );
}

function Reason({ error }: { error: string | undefined }) {
  const { t } = useTranslation("auth");
  const reason = reasons.find((one) => one === error);
  if (error === undefined) return null;
  const tone = reason === "session_over" ? "info" : reason === "password_reset" ? "ok" : "err";
  return (
    <div role="status">
      <Notice tone={tone}>{reason ? t(`reasons.${reason}`) : t("reasons.other")}</Notice>
    </div>
  );
}
