import { Fragment, useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { CallView } from "@/api/types";
import { Duration } from "@/components/value/duration";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { ShortId } from "@/components/value/short-id";
import { TimeAgo } from "@/components/value/time-ago";
import { Tokens } from "@/components/value/tokens";
import type { Column } from "@/table/column";
import { Attempts, OutcomeBadge } from "./outcome";
import type { Whose } from "./queries";

/** All tokens that went in, wherever they came from. */
export const tokensIn = ({ usage }: CallView) =>
  usage.input + usage.cache_read + usage.cache_write_5m + usage.cache_write_1h;

/** The columns of a list of calls. */
export function useCallColumns(whose: Whose): readonly Column<CallView>[] {
  const { t } = useTranslation("usage");
  return useMemo(() => {
    const raw = (text: string | undefined) =>
      text === undefined ? <Missing /> : <bdi data-raw="">{text}</bdi>;
    const columns: (Column<CallView> | false)[] = [
      {
        id: "started_at",
        header: t("column.time"),
        cell: ({ started_at }) => <TimeAgo time={started_at} />,
        text: ({ started_at }) => started_at,
        width: 125,
        sort: "desc",
      },
      {
        id: "outcome",
        header: t("column.outcome"),
        cell: (call) => <OutcomeBadge call={call} />,
        text: ({ outcome, status, cause }) => [outcome, status, cause].filter(Boolean).join(" "),
        width: 185,
        card: "badge",
      },
      {
        id: "model",
        header: t("column.model"),
        cell: (call) => <Model call={call} />,
        text: ({ model }) => model,
        width: 180,
        grows: true,
        card: "title",
      },
      whose === "all" && {
        id: "user",
        isPrivate: true,
        header: t("column.user"),
        cell: ({ user }) => raw(user),
        text: ({ user }) => user ?? "",
        width: 120,
      },
      {
        id: "api_key",
        isPrivate: true,
        header: t("column.api_key"),
        cell: ({ api_key, api_key_id }) => raw(api_key ?? api_key_id),
        text: ({ api_key, api_key_id }) => api_key ?? api_key_id,
        width: 110,
        hidden: whose === "all",
      },
      {
        id: "attempts",
        isPrivate: true,
        header: t("column.attempts"),
        help: t("column.attempts_help"),
        cell: (call) => <Attempts call={call} />,
        text: ({ attempts }) =>
          attempts.map((one) => `${one.channel ?? one.label}:${one.outcome}`).join(" "),
        width: 190,
      },
      {
        id: "first_event",
        header: t("column.first_event"),
        cell: ({ first_event_us }) => <Duration us={first_event_us} />,
        text: ({ first_event_us }) => String(first_event_us ?? ""),
        width: 110,
        align: "end",
        sort: "desc",
      },
      {
        id: "duration",
        header: t("column.duration"),
        cell: ({ duration_us }) => <Duration us={duration_us} />,
        text: ({ duration_us }) => String(duration_us),
        width: 85,
        align: "end",
        sort: "desc",
      },
      {
        id: "tokens",
        header: t("column.tokens"),
        help: t("column.tokens_help"),
        cell: (call) => <TokenCounts call={call} />,
        text: (call) => `${tokensIn(call)} ${call.usage.cache_read} ${call.usage.output}`,
        width: 150,
        align: "end",
        card: "figure",
      },
      {
        id: "input",
        header: t("column.input"),
        help: t("column.input_help"),
        cell: (call) => <Tokens count={tokensIn(call)} />,
        text: (call) => String(tokensIn(call)),
        width: 90,
        align: "end",
        hidden: true,
      },
      {
        id: "cached",
        header: t("column.cached"),
        cell: ({ usage }) => <Tokens count={usage.cache_read} />,
        text: ({ usage }) => String(usage.cache_read),
        width: 90,
        align: "end",
        hidden: true,
      },
      {
        id: "output",
        header: t("column.output"),
        cell: ({ usage }) => <Tokens count={usage.output} />,
        text: ({ usage }) => String(usage.output),
        width: 90,
        align: "end",
        hidden: true,
      },
      {
        id: "cost",
        header: t("column.cost"),
        cell: (call) => <Cost call={call} />,
        text: ({ cost_usd }) => cost_usd ?? "",
        width: 105,
        align: "end",
        sort: "desc",
        card: "figure",
      },
      {
        id: "client",
        header: t("column.client"),
        cell: ({ client, user_agent }) => raw(client ?? user_agent),
        text: ({ client, user_agent }) => client ?? user_agent ?? "",
        width: 170,
        hidden: true,
      },
      {
        id: "operation",
        header: t("column.operation"),
        cell: ({ operation }) => <code className="text-xs">{operation}</code>,
        text: ({ operation }) => operation,
        hidden: true,
      },
      {
        id: "client_address",
        isPrivate: true,
        header: t("column.address"),
        cell: ({ client_address }) => raw(client_address),
        text: ({ client_address }) => client_address ?? "",
        hidden: true,
      },
      {
        id: "request_id",
        header: t("column.request_id"),
        cell: ({ request_id }) => <ShortId id={request_id} />,
        text: ({ request_id }) => request_id,
        width: 150,
        hidden: true,
      },
    ];
    return columns.filter((column) => column !== false);
  }, [t, whose]);
}

/** What went in, how much of it came from a cache, and what came out. */
function TokenCounts({ call }: { call: CallView }) {
  const { cache_read, output } = call.usage;
  const input = tokensIn(call);
  if (input === 0 && output === 0) return <Missing />;
  return (
    <span className="inline-flex items-baseline gap-1.5">
      <Tokens count={input} />
      {[cache_read, output].map((count, at) => (
        <Fragment key={at === 0 ? "cached" : "output"}>
          <span aria-hidden="true" className="text-fg-3">
            /
          </span>
          <span className={at === 0 ? "text-fg-2" : undefined}>
            <Tokens count={count} />
          </span>
        </Fragment>
      ))}
    </span>
  );
}

/** What it cost, and whether somebody decided that. */
function Cost({ call }: { call: CallView }) {
  const { t } = useTranslation("usage");
  const { billing, cost_usd } = call;
  const missing = t(billing === "quarantined" ? "quarantined" : "no_price");
  if (billing !== "reviewed" && billing !== "waived") {
    return <Money usd={cost_usd} missing={missing} />;
  }
  return (
    <span className="inline-flex max-w-full items-baseline gap-1.5">
      <span className="truncate text-fg-3 text-xs">{t(`by_hand.${billing}`)}</span>
      <Money usd={cost_usd} missing={missing} />
    </span>
  );
}

/** What was asked for, and below it what answered, where that is another model. */
function Model({ call }: { call: CallView }) {
  const { t } = useTranslation("usage");
  return (
    <span className="inline-flex max-w-full items-center gap-1.5 truncate">
      <bdi data-raw="" className="truncate">
        {call.model}
      </bdi>
      {call.model_mismatch && (
        <span className="truncate text-warn text-xs" title={t("mismatch")}>
          ↳ <bdi data-raw="">{call.answered_model}</bdi>
        </span>
      )}
    </span>
  );
}
