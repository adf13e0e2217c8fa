import { Link } from "@tanstack/react-router";
import { cloneElement } from "react";
import { useTranslation } from "react-i18next";

import type { Dashboard } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useMay } from "@/session/use-me";
import { useOpens } from "@/shell/use-opens";
import { useReader } from "@/trace/use-reader";
import { causeWord } from "@/trace/words";
import { onlyErrors, useCallsLink } from "@/usage/calls-link";
import type { DashboardSpan } from "./queries";

type Attention = Dashboard["attention"][number];

/** What needs the reader, each with the one thing to do about it. */
export function AttentionStrip(props: { attention: readonly Attention[]; span: DashboardSpan }) {
  const { t } = useTranslation("dashboard");
  if (props.attention.length === 0) return null;
  return (
    <ul aria-label={t("attention.label")} className="space-y-2">
      {props.attention.map((one) => (
        <li key={one.kind}>
          <Item attention={one} span={props.span} />
        </li>
      ))}
    </ul>
  );
}

function Item({ attention, span }: { attention: Attention; span: DashboardSpan }) {
  const { t } = useTranslation("dashboard");
  const reader = useReader();
  const canSetUp = useMay("channels.write");
  const opens = useOpens();
  const calls = useCallsLink("mine")({ f: onlyErrors, t: span });
  const { kind, params } = attention;
  switch (kind) {
    case "no_key":
      return (
        <Notice
          tone="warn"
          action={
            <Button asChild size="sm">
              <Link to="/tokens">{t("attention.no_key_fix")}</Link>
            </Button>
          }
        >
          {t("attention.no_key")}
        </Notice>
      );
    case "no_channel":
      return (
        <Notice
          tone="err"
          action={
            canSetUp &&
            opens("/admin/channels") && (
              <Button asChild size="sm">
                <Link to={"/admin/channels" as never}>{t("attention.no_channel_fix")}</Link>
              </Button>
            )
          }
        >
          {canSetUp ? t("attention.no_channel_operator") : t("attention.no_channel")}
        </Notice>
      );
    case "failing": {
      const count = Number(params.count ?? 0);
      const { cause } = params;
      return (
        <Notice
          tone="err"
          action={
            calls && (
              <Button asChild size="sm">
                {cloneElement(calls, { children: t("attention.failing_fix") })}
              </Button>
            )
          }
        >
          {cause === undefined || cause.startsWith("_")
            ? t("attention.failing", { count })
            : t("attention.failing_cause", { count, cause: causeWord(reader, cause) })}
        </Notice>
      );
    }
    default:
      return kind satisfies never;
  }
}
