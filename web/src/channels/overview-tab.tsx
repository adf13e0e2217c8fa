import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Numbers } from "@/chart/numbers";
import { Strip } from "@/chart/strip";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { Duration } from "@/components/value/duration";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { Time } from "@/components/value/time-ago";
import { Tokens } from "@/components/value/tokens";
import { exactly, printTerms } from "@/filter/grammar";
import { formatShare } from "@/format/number";
import { useLimitsText } from "@/limits/use-limits-text";
import { useMay } from "@/session/use-me";
import { Section } from "@/shell/page";
import { useOpens } from "@/shell/use-opens";
import { StaticTable } from "@/trace/static-table";
import { bindingsOf } from "./channel";
import { useShownChannel } from "./channel-page";
import { PartState, useReason } from "./channel-state";
import { isResting, useWake } from "./wake";

/** How the channel does: what is wrong with it, its figures, and the state of each of its parts. */
export function OverviewTab() {
  const { t } = useTranslation("channels");
  const { t: limits } = useTranslation("limits");
  const limitsText = useLimitsText();
  const { stored, status } = useShownChannel();
  const channel = stored.value;
  const bindings = bindingsOf(channel);
  const states = new Map(status?.models.map((one) => [one.model, one]));
  return (
    <div className="space-y-8">
      <Trouble />
      <Figures />
      <Section title={t("column.models")}>
        {bindings.length === 0 ? (
          <p className="text-fg-2">{t("overview.no_models")}</p>
        ) : (
          <StaticTable
            label={t("column.models")}
            columns={[
              { name: t("bind.public") },
              { name: t("bind.upstream") },
              { name: t("column.state") },
            ]}
            rows={bindings.map(({ name, upstream, enabled }) => ({
              id: name,
              cells: [
                <Code key="name" text={name} />,
                <Code key="upstream" text={upstream} />,
                <PartState
                  key="state"
                  part={enabled ? states.get(name) : { state: "ok", enabled: false }}
                />,
              ],
            }))}
          />
        )}
      </Section>
      <Section title={t("column.credentials")}>
        {!status ? (
          <Skeleton className="h-16" />
        ) : status.credentials.length === 0 ? (
          <p className="text-fg-2">{t("overview.no_credentials")}</p>
        ) : (
          <StaticTable
            label={t("column.credentials")}
            columns={[
              { name: t("column.name") },
              { name: t("credential.ends") },
              { name: t("column.state") },
            ]}
            rows={status.credentials.map((one) => ({
              id: one.id,
              cells: [
                <bdi key="name" data-raw="" data-private="">
                  {one.name}
                </bdi>,
                <code
                  key="hint"
                  data-raw=""
                  data-private=""
                  className="whitespace-nowrap font-mono text-sm"
                >
                  {`…${one.hint}`}
                </code>,
                <PartState key="state" part={one} />,
              ],
            }))}
          />
        )}
      </Section>
      <Section title={t("overview.address")}>
        <dl className="grid gap-x-8 gap-y-2 sm:grid-cols-2">
          <Fact name={t("field.base_url")}>
            <Code text={channel.base_url ?? ""} />
          </Fact>
          <Fact name={t("column.groups")}>
            <span data-raw="">{channel.groups?.join(", ")}</span>
          </Fact>
          <Fact name={t("column.order")}>
            <span className="num">{`${channel.priority ?? 0} · ×${channel.weight ?? 1}`}</span>{" "}
            {channel.promoted && <Badge tone="info">{t("routing.promoted")}</Badge>}
          </Fact>
          <Fact name={limits("title")}>{limitsText(channel.limits) || limits("none")}</Fact>
          <Fact name={t("column.updated")}>
            <Time time={channel.updated_at} />
          </Fact>
        </dl>
      </Section>
    </div>
  );
}

/** What is wrong, and the place or the deed that mends it. */
function Trouble() {
  const { t } = useTranslation("channels");
  const { stored, status, test } = useShownChannel();
  const reasonOf = useReason();
  const wake = useWake();
  const mayWrite = useMay("channels.write");
  if (!status || status.state === "serving" || status.state === "disabled") return null;
  const { name } = stored.value;
  const { reason } = status;
  const tab = reason === "no_model" ? "models" : reason === "no_credential" ? "credentials" : "";
  const keyTrouble = status.cause === "unauthorized" || status.cause === "exhausted";
  const place = keyTrouble ? "credentials" : tab;
  return (
    <Notice
      tone={status.state === "down" ? "err" : "warn"}
      heading={
        <span className="inline-block first-letter:uppercase">
          {reasonOf(status) || t(`state.${status.state}`)}
        </span>
      }
    >
      <p>
        {keyTrouble
          ? t("todo.credential")
          : place !== ""
            ? t(`todo.${place as "models"}`)
            : reason === "failing"
              ? t("todo.failing")
              : t("todo.resting")}
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        {place !== "" && (
          <Button asChild size="sm">
            <Link to={`/admin/channels/$name/${place}` as never} params={{ name } as never}>
              {t(`tab.${place as "models"}`)}
            </Link>
          </Button>
        )}
        <Button size="sm" onClick={() => test()}>
          {t("test.verb")}
        </Button>
        {mayWrite && isResting(status) && (
          <Button size="sm" onClick={() => wake(name)}>
            {t("wake.verb")}
          </Button>
        )}
      </div>
    </Notice>
  );
}

/** To the calls that this channel did not answer. */
function FailingCalls({ name }: { name: string }) {
  const { t } = useTranslation("channels");
  const opens = useOpens();
  if (!opens("/admin/requests")) return null;
  const f = printTerms([
    { field: "channel", operator: ":", values: [exactly(name)] },
    { field: "outcome", operator: ":", values: ["rejected", "failed", "broken"].map(exactly) },
  ]);
  return (
    <Button asChild size="sm">
      <Link to={"/admin/requests" as never} search={{ f } as never}>
        {t("overview.failing_calls")}
      </Link>
    </Button>
  );
}

function Figures() {
  const { t, i18n } = useTranslation("channels");
  const { stored, status } = useShownChannel();
  const { hour, today } = status ?? {};
  return (
    <div className="space-y-3">
      <Numbers
        label={t("overview.figures")}
        cells={[
          {
            key: "success",
            label: t("column.success"),
            value:
              hour &&
              (hour.calls === 0 ? (
                <Missing reason={t("no_calls_hour")} />
              ) : (
                formatShare(hour.ok_share, i18n.language)
              )),
            hint: hour && t("overview.attempts", { count: hour.calls }),
          },
          {
            key: "first_event",
            label: t("column.first_event"),
            value: hour && <Duration us={hour.p50_first_event_us} missing={t("no_calls_hour")} />,
          },
          {
            key: "in_flight",
            label: t("column.in_flight"),
            value: status && <Tokens count={status.in_flight} />,
          },
          {
            key: "today",
            label: t("column.today"),
            value: today && <Money usd={today.cost_usd} />,
            hint: today && t("overview.calls_today", { count: today.calls }),
          },
          {
            key: "models",
            label: t("column.models"),
            value: <Tokens count={stored.value.models?.length ?? 0} />,
          },
        ]}
      />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="flex items-center gap-2 text-fg-2 text-sm">
          {t("overview.day")}
          {hour && <Strip label={t("column.success")} hours={hour.strip} />}
        </div>
        <FailingCalls name={stored.value.name} />
      </div>
    </div>
  );
}

function Code({ text }: { text: string }) {
  return (
    <code data-raw="" data-private="" className="font-mono text-sm [overflow-wrap:anywhere]">
      {text}
    </code>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-fg-3 text-xs">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
