import { useTranslation } from "react-i18next";

import type { Change } from "@/form/save-bar";
import { type PriceDraft, priceFields } from "./price";
import type { TermsDraft } from "./terms";
import { useTermsText } from "./terms-text";

/** A model as its form holds it. */
export interface ModelDraft extends PriceDraft {
  name: string;
  owner: string;
  enabled: boolean;
  terms: TermsDraft;
}

/** What differs between two states of a model, in words. */
export function useModelChanges(before: ModelDraft, after: ModelDraft): Change[] {
  const { t } = useTranslation(["catalog", "common"]);
  const termsText = useTermsText();
  const none = t("common:none");
  const shown = (value: string | boolean) =>
    typeof value === "string" ? value.trim() || none : value ? t("common:yes") : t("common:no");
  const labels: [Exclude<keyof ModelDraft, "name" | "terms">, string][] = [
    ["owner", t("catalog:column.owner")],
    ["enabled", t("catalog:field.enabled")],
    ...priceFields.map((field): [typeof field, string] => [field, t(`catalog:price.${field}`)]),
  ];
  const was = termsText(before.terms);
  return [
    ...labels.map(([key, label]) => ({ label, before: before[key], after: after[key] })),
    ...termsText(after.terms).map(({ label, text }, at) => ({
      label,
      before: was[at]?.text ?? "",
      after: text,
    })),
  ]
    .map((change) => ({ ...change, before: shown(change.before), after: shown(change.after) }))
    .filter((change) => change.before !== change.after);
}
