import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { MadeToken, SetupState } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Page } from "@/shell/page";
import { AddressStep } from "./address-step";
import { CallStep } from "./call-step";
import { ChannelStep } from "./channel-step";
import { DoneStep } from "./done-step";
import { KeyStep } from "./key-step";
import { refreshSetup, setupQuery } from "./queries";
import { StepList } from "./step-list";
import { after, nextStep, type OpenStep, stepOf } from "./steps";
import { TestStep } from "./test-step";
import { useLeave } from "./use-leave";

/** The steps one after another. Every one can be left out; what counts as done is what the server has seen. */
export function Wizard() {
  const { t } = useTranslation("setup");
  const { data, error, refetch } = useQuery(setupQuery);
  return (
    <Page title={t("title")} about={t("about")} width="form" actions={<LeaveButton />}>
      {!data && error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-64 w-full" />}
      {data && <Steps state={data} />}
    </Page>
  );
}

function Steps({ state }: { state: SetupState }) {
  const { t } = useTranslation(["setup", "common"]);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const search: { step?: string } = useSearch({ strict: false });
  // Without a step in the address: where it was left. It stays there until somebody goes on.
  const [first] = useState(() => nextStep(state));
  const step = stepOf(search.step) ?? first;
  const [made, setMade] = useState<MadeToken>();
  const [channel, setChannel] = useState<string>();
  const go = (to: OpenStep) => {
    // The key was shown for this step and the next one; then it is gone from the page.
    if (to !== "key" && to !== "call") setMade(undefined);
    void navigate({ to: "/setup", search: { step: to } });
  };
  const on = async (to: OpenStep = after(step)) => {
    await refreshSetup(queries);
    go(to);
  };
  return (
    <div className="grid gap-x-10 gap-y-6 md:grid-cols-[12rem_minmax(0,1fr)]">
      <StepList state={state} step={step} onStep={go} />
      <section aria-labelledby="step" className="min-w-0 space-y-5">
        <div>
          <h2 id="step" className="font-semibold text-lg">
            {t(`setup:step.${step}.title`)}
          </h2>
          <p className="mt-1 max-w-140 text-fg-2">{t(`setup:step.${step}.about`)}</p>
        </div>
        {step === "address" && <AddressStep state={state} onDone={() => void on()} />}
        {step === "channel" && (
          <ChannelStep
            onDone={(name, tested) => {
              setChannel(name);
              void on(tested ? "key" : "test");
            }}
          />
        )}
        {step === "test" && <TestStep name={channel} onDone={() => void on()} onStep={go} />}
        {step === "key" && <KeyStep made={made} onMade={setMade} onDone={() => void on()} />}
        {step === "call" && <CallStep made={made} onDone={() => void on()} />}
        {step === "done" && <DoneStep state={state} onStep={go} />}
        {step !== "done" && (
          <p className="border-line border-t pt-3">
            <Button variant="ghost" onClick={() => void on()}>
              {t("setup:skip")}
            </Button>
          </p>
        )}
      </section>
    </div>
  );
}

/** Leaves the set-up for later, or for good: the console does not lead here by itself again. */
function LeaveButton() {
  const { t } = useTranslation("setup");
  const { busy, error, leave } = useLeave();
  return (
    <>
      <ProblemNotice error={error} />
      <Button variant="ghost" loading={busy} onClick={() => void leave()}>
        {t("leave")}
      </Button>
    </>
  );
}
