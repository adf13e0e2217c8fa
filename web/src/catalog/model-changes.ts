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
  /** Whether the price is pinned: as it is stored, and of what has no price yet, as it will be. */
  price_pinned: boolean;
  /** What somebody chose here; `null`: nothing. */
  pin: boolean | null;
}

/** Whether there is a price to pin. */
export const hasPrice = (draft: PriceDraft) =>
  draft.input_usd_per_1m.trim() !== "" || draft.output_usd_per_1m.trim() !== "";

/** The draft with its pin decided: as somebody chose; else a price that is given by hand is pinned, and one that stays is as it was. */
export function settled(before: ModelDraft, draft: ModelDraft): ModelDraft {
  if (!hasPrice(draft)) return { ...draft, price_pinned: before.price_pinned };
  const isOther =
    priceFields.some((field) => draft[field].trim() !== before[field].trim()) ||
    JSON.stringify(draft.terms) !== JSON.stringify(before.terms);
  return { ...draft, price_pinned: draft.pin ?? (isOther || before.price_pinned) };
}

/** What differs between two states of a model, in words. */
export function useModelChanges(before: ModelDraft, after: ModelDraft): Change[] {
  const { t } = useTranslation(["catalog", "common"]);
  const termsText = useTermsText();
  const none = t("common:none");
  const shown = (value: string | boolean) =>
    typeof value === "string" ? value.trim() || none : value ? t("common:yes") : t("common:no");
  const labels: [Exclude<keyof ModelDraft, "name" | "terms" | "pin">, string][] = [
    ["owner", t("catalog:column.owner")],
    ["enabled", t("catalog:field.enabled")],
    ...priceFields.map((field): [typeof field, string] => [field, t(`catalog:price.${field}`)]),
    ["price_pinned", t("catalog:field.pinned")],
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
