import { useQueryClient } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { AccountView } from "@/api/types";
import { useProblemText } from "@/components/problem-text";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Spinner } from "@/components/ui/spinner";
import { AccountArrived } from "./account-arrived";
import { failureOf, parametersIn } from "./log-in";
import { tellTabs } from "./log-in-tabs";
import { accounts, tookIn } from "./queries";

type Outcome = { readonly account: AccountView } | { readonly error: unknown };

/** Ends a log-in from which the browser came back by itself, with what the address of this page holds of it. */
export function ReturnedLogIn() {
  const { t } = useTranslation("accounts");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const hash = useLocation({ select: (location) => location.hash });
  const taken = useRef<string>(undefined);
  const [isOpen, setOpen] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  useEffect(() => {
    const came = parametersIn(hash);
    if (came === undefined || taken.current === hash) return;
    taken.current = hash;
    setOutcome(undefined);
    setOpen(true);
    // A code is good once, and nobody shall copy it out of the address.
    void navigate({ to: "/admin/accounts", search: true, hash: "", replace: true });
    accounts.finish(`?${hash}`).then(
      async (account) => {
        tellTabs({ state: came.state, account });
        await tookIn(queries, account);
        setOutcome({ account });
      },
      (error) => setOutcome({ error }),
    );
  }, [hash, navigate, queries]);
  const close = () => setOpen(false);
  return (
    <Sheet open={isOpen} onOpenChange={(open) => !open && close()}>
      <SheetContent keepOpen title={t("log_in.title")}>
        {outcome === undefined ? (
          <p role="status" className="flex items-center gap-2 text-fg-2">
            <Spinner className="size-4" />
            {t("log_in.finishing")}
          </p>
        ) : "account" in outcome ? (
          <AccountArrived account={outcome.account} heading={t("log_in.done")} onClose={close} />
        ) : (
          <Refused error={outcome.error} onClose={close} />
        )}
      </SheetContent>
    </Sheet>
  );
}

function Refused({ error, onClose }: { error: unknown; onClose: () => void }) {
  const { t } = useTranslation(["accounts", "common"]);
  const words = useProblemText();
  const failure = failureOf(error);
  const detail = failure?.detail ?? "";
  return (
    <div className="space-y-4">
      <div role="alert">
        <Notice tone="err">
          <p>{failure ? t(`accounts:log_in.failed.${failure.word}`) : words(asProblem(error))}</p>
          {detail !== "" && (
            <p data-raw="" className="font-mono text-xs">
              {detail}
            </p>
          )}
        </Notice>
      </div>
      <div className="flex justify-end">
        <Button autoFocus onClick={onClose}>
          {t("common:close")}
        </Button>
      </div>
    </div>
  );
}
