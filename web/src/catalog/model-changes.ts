import { useTranslation } from "react-i18next";

import type { Change } from "@/form/save-bar";
import { type PriceDraft, priceFields } from "./price";

/** A model as its form holds it. */
export interface ModelDraft extends PriceDraft {
  name: string;
  owner: string;
  enabled: boolean;
}

/** What differs between two states of a model, in words. */
export function useModelChanges(before: ModelDraft, after: ModelDraft): Change[] {
  const { t } = useTranslation(["catalog", "common"]);
  const none = t("common:none");
  const shown = (value: string | boolean) =>
    typeof value === "string" ? value.trim() || none : value ? t("common:yes") : t("common:no");
  const labels: [Exclude<keyof ModelDraft, "name">, string][] = [
    ["owner", t("catalog:column.owner")],
    ["enabled", t("catalog:field.enabled")],
    ...priceFields.map((field): [typeof field, string] => [field, t(`catalog:price.${field}`)]),
  ];
  return labels
    .filter(([key]) => shown(before[key]) !== shown(after[key]))
    .map(([key, label]) => ({ label, before: shown(before[key]), after: shown(after[key]) }));
}
