import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { dialects } from "@/api/words";
import type { FilterField } from "@/filter/field";
import type { Preset } from "@/filter/filter-bar";
import { useReader } from "@/trace/use-reader";
import type { Whose } from "./queries";

const outcomes = ["ok", "refused", "rejected", "failed", "broken", "client_gone"] as const;
const origins = ["client", "realms", "upstream", "storage"] as const;

/** What calls can be filtered by. */
export function useCallFields(whose: Whose): readonly FilterField[] {
  const { t } = useTranslation("usage");
  const reader = useReader();
  return useMemo(() => {
    const text = (name: string, label: string): FilterField => ({ name, label, kind: "text" });
    const fields: (FilterField | false)[] = [
      {
        name: "outcome",
        label: t("column.outcome"),
        kind: "choice",
        values: outcomes.map((value) => ({ value, label: reader.t(`outcome.${value}`) })),
      },
      text("model", t("column.model")),
      text("api_key", t("column.api_key")),
      { name: "status", label: t("field.status"), kind: "number" },
      text("client", t("column.client")),
      text("cause", t("field.cause")),
      text("session", t("field.session")),
      {
        name: "origin",
        label: t("field.origin"),
        kind: "choice",
        values: origins.map((value) => ({ value, label: t(`origin.${value}`) })),
      },
      {
        name: "dialect",
        label: t("field.dialect"),
        kind: "choice",
        values: dialects.map((value) => ({ value, label: reader.t(`dialect.${value}`) })),
      },
      { name: "cost", label: t("column.cost"), kind: "number", unit: "USD" },
      { name: "duration_ms", label: t("column.duration"), kind: "number", unit: "ms" },
      { name: "first_event_ms", label: t("column.first_event"), kind: "number", unit: "ms" },
      { name: "attempts", label: t("column.attempts"), kind: "number" },
      { name: "mismatch", label: t("field.mismatch"), kind: "flag" },
      { name: "stream", label: t("field.stream"), kind: "flag" },
      whose === "all" && text("user", t("column.user")),
      whose === "all" && text("channel", t("field.channel")),
      whose === "all" && text("channel_group", t("field.channel_group")),
    ];
    return fields.filter((field) => field !== false);
  }, [t, reader.t, whose]);
}

/** The questions asked most. */
export function useCallPresets(): readonly Preset[] {
  const { t } = useTranslation("usage");
  return useMemo(
    () => [
      { id: "errors", label: t("preset.errors"), filter: "outcome:refused,rejected,failed,broken" },
      { id: "fallbacks", label: t("preset.fallbacks"), filter: "attempts>1" },
      { id: "slow", label: t("preset.slow"), filter: "duration_ms>30000" },
      { id: "expensive", label: t("preset.expensive"), filter: "cost>0.5" },
      { id: "mismatch", label: t("preset.mismatch"), filter: "mismatch:true" },
    ],
    [t],
  );
}
