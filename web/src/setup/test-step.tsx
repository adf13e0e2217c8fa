import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { path } from "@/api/client";
import { countsOf } from "@/channels/probe";
import { ProbePanel } from "@/channels/probe-panel";
import { allChannelsQuery } from "@/channels/queries";
import { useProbe } from "@/channels/use-probe";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import type { OpenStep } from "./steps";

/** Asks the channel for a real answer. `name`: the channel that was just made; else the first there is. */
export function TestStep(props: {
  name: string | undefined;
  onDone: () => void;
  onStep: (step: OpenStep) => void;
}) {
  const { t } = useTranslation("setup");
  const { data, error, refetch } = useQuery({
    ...allChannelsQuery,
    enabled: props.name === undefined,
  });
  const probe = useProbe();
  const name = props.name ?? data?.items[0]?.name;
  if (name === undefined) {
    if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
    if (!data) return <Skeleton className="h-16" />;
    return (
      <Notice
        tone="info"
        action={
          <Button size="sm" onClick={() => props.onStep("channel")}>
            {t("step.channel.title")}
          </Button>
        }
      >
        {t("test.no_channel")}
      </Notice>
    );
  }
  const { ok } = countsOf(probe.state);
  const isRunning = probe.state.status === "running";
  return (
    <div className="space-y-4">
      <ProbePanel state={probe.state} />
      <div className="flex flex-wrap gap-2">
        <Button
          variant={ok > 0 ? "outline" : "primary"}
          loading={isRunning}
          onClick={() =>
            void probe.start([
              { path: path`/api/admin/channels/${name}/test`, body: {}, models: [] },
            ])
          }
        >
          <span data-raw="">{t("test.run", { name })}</span>
        </Button>
        {ok > 0 && !isRunning && (
          <Button variant="primary" onClick={props.onDone}>
            {t("next")}
          </Button>
        )}
      </div>
    </div>
  );
}
