import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { type ApiProblem, asProblem } from "@/api/problem";
import type { AccountRefreshed, AccountView, QuotaPolled } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useMay } from "@/session/use-me";
import { accounts, accountsQuery, putAccount } from "./queries";

type Act = "refresh" | "poll";
type Result = { act: "refresh"; told: AccountRefreshed } | { act: "poll"; told: QuotaPolled };

const refreshTones = {
  renewed: "ok",
  moved_on: "ok",
  busy: "info",
  held: "err",
  put_off: "warn",
  needs_login: "err",
} as const;

/** What can be done with an account now, and below it what became of it. */
export function AccountActs(props: { account: AccountView; onLogIn: () => void }) {
  const { t } = useTranslation("accounts");
  const queries = useQueryClient();
  const mayWrite = useMay("channels.write");
  const maySecrets = useMay("secrets.write");
  const [busy, setBusy] = useState<Act>();
  const [result, setResult] = useState<Result>();
  const [error, setError] = useState<unknown>();
  const { account } = props;
  const { id, channel } = account;
  const mustLogIn = account.state === "needs_login";

  async function run(act: Act) {
    if (busy) return;
    setBusy(act);
    setResult(undefined);
    setError(undefined);
    try {
      const done: Result =
        act === "refresh"
          ? { act, told: await accounts.refresh(id) }
          : { act, told: await accounts.pollQuota(id) };
      putAccount(queries, done.told.account);
      setResult(done);
    } catch (caught) {
      setError(caught);
      // What is shown may be what made it fail: somebody must log in by now, or it is gone.
      void queries.invalidateQueries(accountsQuery);
    } finally {
      setBusy(undefined);
    }
  }

  const held = mustLogIn ? t("act.needs_login") : undefined;
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap gap-2">
        {maySecrets && (
          <Button variant={mustLogIn ? "primary" : "outline"} onClick={props.onLogIn}>
            {t("log_in.again")}
          </Button>
        )}
        {mayWrite && (
          <>
            <Button
              loading={busy === "refresh"}
              disabledReason={held}
              onClick={() => void run("refresh")}
            >
              {t("act.refresh")}
            </Button>
            <Button
              loading={busy === "poll"}
              disabledReason={held}
              onClick={() => void run("poll")}
            >
              {t("act.poll")}
            </Button>
            <Button asChild variant="ghost">
              <Link
                to={"/admin/channels/$name/credentials" as never}
                params={{ name: channel } as never}
              >
                {t("act.credential")}
              </Link>
            </Button>
          </>
        )}
      </div>
      <div role="status">{result && <Told result={result} />}</div>
      <Failed error={error} />
    </div>
  );
}

/** What the server said became of it. */
function Told({ result }: { result: Result }) {
  const { t } = useTranslation("accounts");
  if (result.act === "refresh") {
    const { outcome, detail } = result.told;
    return (
      <Notice tone={refreshTones[outcome]}>
        <p>{t(`refreshed.${outcome}`)}</p>
        <Detail text={detail} />
      </Notice>
    );
  }
  const { asked, account } = result.told;
  if (!asked) return <Notice tone="info">{t("polled.just_now")}</Notice>;
  const failure = account.quota?.error;
  return (
    <Notice tone={failure === undefined ? "ok" : "warn"}>
      <p>{t(failure === undefined ? "polled.heard" : "polled.failed")}</p>
      <Detail text={failure} />
    </Notice>
  );
}

function Detail({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p data-raw="" className="font-mono text-xs">
      {text}
    </p>
  );
}

function Failed({ error }: { error: unknown }) {
  const { t } = useTranslation("accounts");
  if (!error) return null;
  const words = failureOf(asProblem(error));
  if (words === undefined) return <ProblemNotice error={error} />;
  return <ProblemNotice error={error} words={t(`problem.${words}`)} />;
}

function failureOf(problem: ApiProblem): "vendor" | "needs_login" | "gone" | undefined {
  if (problem.params.failure === "vendor") return "vendor";
  if (problem.code === "conflict") return "needs_login";
  return problem.code === "not_found" ? "gone" : undefined;
}
