/** What models can be filtered by. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { FilterField } from "@/filter/field";
import type { Preset } from "@/filter/filter-bar";

export function useModelFields(): readonly FilterField[] {
  const { t } = useTranslation("catalog");
  return useMemo(
    (): readonly FilterField[] => [
      { name: "owner", label: t("column.owner"), kind: "text" },
      { name: "channel", label: t("column.served"), kind: "text" },
      { name: "served", label: t("field.served"), kind: "flag" },
      { name: "priced", label: t("field.priced"), kind: "flag" },
      {
        name: "price_source",
        label: t("column.source"),
        kind: "choice",
        values: (["manual", "imported", "synced"] as const).map((value) => ({
          value,
          label: t(`source.${value}`),
        })),
      },
      { name: "price_pinned", label: t("field.pinned"), kind: "flag" },
      { name: "enabled", label: t("field.enabled"), kind: "flag" },
      { name: "input_usd", label: t("column.input_usd"), kind: "number", unit: "USD" },
      { name: "output_usd", label: t("column.output_usd"), kind: "number", unit: "USD" },
    ],
    [t],
  );
}

export function useModelPresets(): readonly Preset[] {
  const { t } = useTranslation("catalog");
  return useMemo(
    () => [
      { id: "no_price", label: t("preset.no_price"), filter: "priced:false" },
      { id: "no_channel", label: t("preset.no_channel"), filter: "served:false" },
    ],
    [t],
  );
}
