import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Consent, Me, OauthAppFace } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Notice } from "@/components/ui/notice";
import type { Decision } from "./queries";
import { isThisComputer } from "./this-computer";

interface Props {
  consent: Omit<Consent, "remembered">;
  /** Whose account it is. */
  account: Pick<Me, "username" | "email">;
  onSwitch: () => void;
  onAnswer: (decision: Decision, remember: boolean) => void;
  /** What is being said. */
  sent?: Decision | undefined;
  /** What went wrong, above the buttons. */
  problem?: ReactNode;
}

/** The question whether an app is let in: who it is, what it may then do, where one is sent, and as whom. */
export function ConsentCard({ consent, account, onSwitch, onAnswer, sent, problem }: Props) {
  const { t } = useTranslation("consent");
  const [remember, setRemember] = useState(false);
  const mayId = useId();
  const { app, redirect_host, scopes } = consent;
  const buttonOf = (decision: Decision) => (
    <Button
      className="w-full"
      variant={decision === "approve" ? "primary" : "outline"}
      loading={sent === decision}
      disabled={sent !== undefined && sent !== decision}
      onClick={() => onAnswer(decision, decision === "approve" && remember)}
    >
      {t(decision)}
    </Button>
  );
  return (
    <div className="space-y-5">
      <AppFace app={app} />
      <div className="space-y-2">
        <p id={mayId}>{t("may")}</p>
        <ul
          aria-labelledby={mayId}
          className="divide-y divide-line rounded-panel border border-line bg-surface"
        >
          {scopes.map((scope) => (
            <li key={scope} className="px-3 py-2">
              <p className="font-medium">{t(`scope.${scope}.name`)}</p>
              <p className="text-fg-2 text-sm">{t(`scope.${scope}.text`)}</p>
            </li>
          ))}
        </ul>
        <p className="text-fg-3 text-sm">{t("take_back")}</p>
      </div>
      <div className="space-y-2">
        <p>
          {t("sent_to")}{" "}
          <strong data-raw="" className="font-semibold [overflow-wrap:anywhere]">
            {redirect_host}
          </strong>
        </p>
        {isThisComputer(redirect_host) && <Notice tone="warn">{t("this_computer")}</Notice>}
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 border-line border-y py-2">
        <div className="min-w-0">
          <p className="text-fg-3 text-xs">{t("account")}</p>
          <p data-raw="" data-private="" className="[overflow-wrap:anywhere]">
            <bdi className="font-medium">{account.username}</bdi>
            {account.email !== undefined && (
              <bdi className="block text-fg-2 text-sm">{account.email}</bdi>
            )}
          </p>
        </div>
        <Button size="sm" variant="ghost" disabled={sent !== undefined} onClick={onSwitch}>
          {t("switch")}
        </Button>
      </div>
      {consent.can_remember && (
        <Checkbox
          label={t("remember")}
          checked={remember}
          onChange={({ currentTarget }) => setRemember(currentTarget.checked)}
        />
      )}
      {problem}
      <div className="grid grid-cols-2 gap-2">
        {buttonOf("deny")}
        {buttonOf("approve")}
      </div>
    </div>
  );
}

/** The app in its own words, which nobody has checked but whoever runs the site. */
function AppFace({ app: { name, publisher, homepage } }: { app: OauthAppFace }) {
  const { t } = useTranslation("consent");
  return (
    <div className="[overflow-wrap:anywhere]">
      <p className="font-semibold text-lg">
        <bdi data-raw="">{name}</bdi>
      </p>
      <p className="text-fg-2">
        {publisher === "" ? (
          t("no_publisher")
        ) : (
          <>
            {t("publisher")} <bdi data-raw="">{publisher}</bdi>
          </>
        )}
      </p>
      {homepage?.startsWith("https://") && (
        <a
          href={homepage}
          target="_blank"
          rel="noopener noreferrer nofollow"
          data-raw=""
          className="rounded-badge text-primary text-sm underline underline-offset-2 hover:no-underline"
        >
          {homepage}
        </a>
      )}
    </div>
  );
}
