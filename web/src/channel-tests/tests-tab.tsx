import { useTranslation } from "react-i18next";

import type { ChannelTestView } from "@/api/types";
import { useShownChannel } from "@/channels/channel-page";
import { knownFailure } from "@/channels/failure-notice";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { type Status, StatusBadge } from "@/components/ui/status-badge";
import { Duration } from "@/components/value/duration";
import { TimeAgo } from "@/components/value/time-ago";
import { formatCount } from "@/format/number";
import { Section } from "@/shell/page";
import { StaticTable } from "@/trace/static-table";
import FindingList from "./finding-list";
import { OutcomeStrip } from "./outcome-strip";
import { useChannelTests } from "./queries";

/** So many of the last results are in the strip. */
const inStrip = 40;

const shapes: Record<ChannelTestView["outcome"], Status> = {
  ok: "ok",
  flawed: "degraded",
  failed: "down",
};

/** How tests of the channel went: the last results at a glance, then one row each. */
export function TestsTab() {
  const { t } = useTranslation(["channel_tests", "channels"]);
  const { stored, test } = useShownChannel();
  const query = useChannelTests(stored.value.name);
  const tests = query.data?.pages.flatMap(({ items }) => items);
  return (
    <Section title={t("title")}>
      <p className="text-fg-2">{t("about")}</p>
      {!tests && query.error && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {!tests && !query.error && <Skeleton className="h-48" />}
      {tests?.length === 0 && (
        <Empty
          title={t("none.title")}
          text={t("none.text")}
          action={<Button onClick={() => test()}>{t("channels:test.verb")}</Button>}
        />
      )}
      {tests && tests.length > 0 && (
        <div className="space-y-3">
          <div className="flex flex-wrap items-center gap-2 text-fg-2 text-sm">
            {t("last")}
            <OutcomeStrip outcomes={oldestFirst(tests)} />
          </div>
          <Table tests={tests} />
          {query.hasNextPage && (
            <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t("more")}
            </Button>
          )}
        </div>
      )}
    </Section>
  );
}

const oldestFirst = (tests: readonly ChannelTestView[]) =>
  tests
    .slice(0, inStrip)
    .map(({ outcome }) => outcome)
    .reverse();

function Table({ tests }: { tests: readonly ChannelTestView[] }) {
  const { t } = useTranslation(["channel_tests", "trace"]);
  return (
    <StaticTable
      label={t("channel_tests:list")}
      columns={[
        { name: t("channel_tests:column.time") },
        { name: t("channel_tests:column.outcome") },
        { name: t("channel_tests:column.model") },
        { name: t("channel_tests:column.first_event"), isNumber: true },
        { name: t("channel_tests:column.duration"), isNumber: true },
        { name: t("channel_tests:column.usage"), isNumber: true },
        { name: t("channel_tests:column.findings") },
        { name: t("channel_tests:column.over") },
      ]}
      rows={tests.map((test) => ({
        id: test.id,
        cells: [
          <Made key="time" test={test} />,
          <Came key="outcome" test={test} />,
          <Asked key="model" test={test} />,
          <Duration key="first" us={test.first_event_us} />,
          <Duration key="total" us={test.duration_us} />,
          <Used key="usage" test={test} />,
          <Findings key="findings" test={test} />,
          <Over key="over" test={test} />,
        ],
      }))}
    />
  );
}

/** When, and by whom. */
function Made({ test }: { test: ChannelTestView }) {
  const { t } = useTranslation("channel_tests");
  return (
    <>
      <TimeAgo time={test.started_at} />
      <span className="block text-fg-3 text-xs">
        {`${t(`trigger.${test.trigger}`)} · ${t(`depth.${test.depth}`)}`}
      </span>
    </>
  );
}

/** What it came to, and why it failed. */
function Came({ test: { outcome, cause, detail, status } }: { test: ChannelTestView }) {
  const { t } = useTranslation(["channel_tests", "channels"]);
  return (
    <>
      <StatusBadge
        status={shapes[outcome]}
        word={t(`channel_tests:outcome.${outcome}`)}
        {...(status !== undefined && { detail: String(status) })}
      />
      {cause !== undefined && (
        <span className="block min-w-40 max-w-80 text-fg-2 text-xs" title={detail}>
          {t(`channels:failure.${knownFailure(cause)}.title`)}
        </span>
      )}
    </>
  );
}

/** In which dialect for which model, and who answered. */
function Asked({ test }: { test: ChannelTestView }) {
  const { t } = useTranslation(["channel_tests", "trace"]);
  const { answered_model: answered, findings, model } = test;
  const isOther = findings.some(({ code }) => code === "other_model");
  return (
    <>
      <code data-raw="" className="font-mono text-sm [overflow-wrap:anywhere]">
        {model}
      </code>
      <span className="block min-w-36 text-fg-3 text-xs">
        {t(`trace:dialect.${test.dialect}`)}
        {isOther &&
          answered !== undefined &&
          ` · ${t("channel_tests:answered", { model: answered })}`}
      </span>
    </>
  );
}

/** What the upstream says was used; what was counted here is in the tooltip. */
function Used({ test: { usage_seen: seen, usage_counted: counted } }: { test: ChannelTestView }) {
  const { t } = useTranslation("channel_tests");
  const figures = (usage: { input: number; output: number }) => ({
    input: formatCount(usage.input),
    output: formatCount(usage.output),
  });
  if (!seen) return <span title={counted && t("counted", figures(counted))}>{"–"}</span>;
  const { input, output } = figures(seen);
  return <span title={counted && t("counted", figures(counted))}>{`${input} → ${output}`}</span>;
}

function Findings({ test: { findings, outcome } }: { test: ChannelTestView }) {
  const { t } = useTranslation("channel_tests");
  if (findings.length === 0) {
    return <span className="text-fg-3">{outcome === "failed" ? "–" : t("no_findings")}</span>;
  }
  return (
    <details>
      <summary className="min-h-6 w-fit whitespace-nowrap">
        {t("findings", { count: findings.length })}
      </summary>
      <div className="pt-1">
        <FindingList findings={findings} />
      </div>
    </details>
  );
}

/** The address and the credential. */
function Over({ test: { endpoint, credential } }: { test: ChannelTestView }) {
  const { t } = useTranslation("channel_tests");
  return (
    <span data-raw="" data-private="" className="block min-w-44 text-xs">
      <bdi className="block">{credential ?? t("gone")}</bdi>
      <bdi className="block text-fg-3 [overflow-wrap:anywhere]">{endpoint ?? t("gone")}</bdi>
    </span>
  );
}
