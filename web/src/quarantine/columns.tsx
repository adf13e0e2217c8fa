import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { CallView, QuarantinedCall, Usage } from "@/api/types";
import { CallLink } from "@/balance/call-link";
import { StatusBadge } from "@/components/ui/status-badge";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { Time } from "@/components/value/time-ago";
import { Tokens } from "@/components/value/tokens";
import { type Column, timeWidth } from "@/table/column";
import type { Which } from "./queries";

/** The columns of calls whose usage cannot be true; what was decided stands with those that were. */
export function useQuarantineColumns(which: Which): readonly Column<QuarantinedCall>[] {
  const call = useCallColumns();
  const doubt = useDoubtColumns(which);
  const tokens = useTokenColumns();
  const decision = useDecisionColumns();
  return useMemo(
    () => [...call, ...(which === "decided" ? decision : []), ...doubt, ...tokens],
    [which, call, doubt, tokens, decision],
  );
}

/** Whose call it was, of what, and over which channel. */
function useCallColumns(): readonly Column<QuarantinedCall>[] {
  const { t } = useTranslation("quarantine");
  return useMemo((): readonly Column<QuarantinedCall>[] => {
    const raw = (text: string | undefined) =>
      text === undefined ? <Missing /> : <bdi data-raw="">{text}</bdi>;
    const key = ({ api_key, api_key_id }: CallView) => api_key ?? api_key_id;
    const user = ({ user, user_id }: CallView) => user ?? user_id;
    return [
      {
        id: "at",
        header: t("column.at"),
        cell: ({ call }) => <Time time={call.started_at} />,
        text: ({ call }) => call.started_at,
        width: timeWidth,
        card: "figure",
      },
      {
        id: "user",
        isPrivate: true,
        header: t("column.user"),
        cell: ({ call }) => raw(user(call)),
        text: ({ call }) => user(call),
        width: 130,
      },
      {
        id: "api_key",
        isPrivate: true,
        header: t("column.api_key"),
        cell: ({ call }) => raw(key(call)),
        text: ({ call }) => key(call),
        width: 120,
      },
      {
        id: "model",
        header: t("column.model"),
        cell: ({ call }) => raw(call.model),
        text: ({ call }) => call.model,
        width: 160,
        grows: true,
        card: "title",
      },
      {
        id: "channel",
        isPrivate: true,
        header: t("column.channel"),
        cell: ({ call }) => raw(call.channel),
        text: ({ call }) => call.channel ?? "",
        width: 130,
      },
      {
        id: "request",
        header: t("column.request"),
        cell: ({ call }) => <CallLink owner={{ user: user(call) }} request={call.request_id} />,
        text: ({ call }) => call.request_id,
        width: 150,
      },
    ];
  }, [t]);
}

/** Why nobody believes it, and what it would have cost: on a card as long as nothing was decided. */
function useDoubtColumns(which: Which): readonly Column<QuarantinedCall>[] {
  const { t } = useTranslation("quarantine");
  return useMemo((): readonly Column<QuarantinedCall>[] => {
    const isWaiting = which === "waiting";
    return [
      {
        id: "doubt",
        header: t("column.doubt"),
        cell: ({ doubt }) => (
          <span title={t(`doubt_means.${doubt}`)}>
            <StatusBadge status="degraded" word={t(`doubt.${doubt}`)} />
          </span>
        ),
        text: ({ doubt }) => t(`doubt.${doubt}`),
        width: 180,
        ...(isWaiting && { card: "badge" as const }),
      },
      {
        id: "would_cost",
        header: t("column.would_cost"),
        help: t("column.would_cost_help"),
        cell: ({ would_cost_usd }) => <Money usd={would_cost_usd} missing={t("no_cost")} />,
        text: ({ would_cost_usd }) => would_cost_usd ?? "",
        width: 130,
        align: "end",
        ...(isWaiting && { card: "figure" as const }),
      },
    ];
  }, [t, which]);
}

type Counted = "input" | "cache_read" | "cache_write" | "output" | "reasoning" | "tool_calls";

const counts: Record<Counted, (usage: Usage) => number> = {
  input: ({ input }) => input,
  cache_read: ({ cache_read }) => cache_read,
  cache_write: ({ cache_write_5m, cache_write_1h }) => cache_write_5m + cache_write_1h,
  output: ({ output }) => output,
  reasoning: ({ reasoning }) => reasoning,
  tool_calls: ({ tool_calls }) => tool_calls,
};

const hidden: readonly Counted[] = ["reasoning", "tool_calls"];

/** What is recorded that it used, bucket by bucket. */
function useTokenColumns(): readonly Column<QuarantinedCall>[] {
  const { t } = useTranslation("quarantine");
  return useMemo(
    () =>
      (Object.keys(counts) as Counted[]).map(
        (id): Column<QuarantinedCall> => ({
          id,
          header: t(`column.${id}`),
          cell: ({ call }) => <Tokens count={counts[id](call.usage)} />,
          text: ({ call }) => String(counts[id](call.usage)),
          width: 110,
          align: "end",
          ...(hidden.includes(id) && { hidden: true }),
        }),
      ),
    [t],
  );
}

/** What somebody decided, who, when and why. */
function useDecisionColumns(): readonly Column<QuarantinedCall>[] {
  const { t } = useTranslation("quarantine");
  return useMemo((): readonly Column<QuarantinedCall>[] => {
    const isCharged = ({ call }: QuarantinedCall) => call.billing === "reviewed";
    const word = (one: QuarantinedCall) =>
      t(isCharged(one) ? "decision.reviewed" : "decision.waived");
    return [
      {
        id: "decision",
        header: t("column.decision"),
        cell: (one) => <StatusBadge status={isCharged(one) ? "ok" : "disabled"} word={word(one)} />,
        text: word,
        width: 120,
        card: "badge",
      },
      {
        id: "charged",
        header: t("column.charged"),
        cell: ({ call }) => <Money usd={call.cost_usd} />,
        text: ({ call }) => call.cost_usd ?? "",
        width: 110,
        align: "end",
        card: "figure",
      },
      {
        id: "reason",
        header: t("column.reason"),
        cell: ({ review }) => <bdi data-raw="">{review?.reason}</bdi>,
        text: ({ review }) => review?.reason ?? "",
        width: 220,
      },
      {
        id: "by",
        isPrivate: true,
        header: t("column.by"),
        cell: ({ review }) => <bdi data-raw="">{review?.by}</bdi>,
        text: ({ review }) => review?.by ?? "",
        width: 120,
      },
      {
        id: "decided_at",
        header: t("column.decided_at"),
        cell: ({ review }) => <Time time={review?.at} />,
        text: ({ review }) => review?.at ?? "",
        width: timeWidth,
        hidden: true,
      },
    ];
  }, [t]);
}
