import { useTranslation } from "react-i18next";

import { formatUsdInFull } from "@/format/money";
import { formatExact } from "@/format/number";
import { singleTerms, type TermsDraft, type TierDraft, tierParts } from "./terms";

/** A part of the terms of a price: what it is, and what is said of it; `""` is nothing. */
export interface TermText {
  readonly label: string;
  readonly text: string;
}

/** The terms of a price in words, one for each part, whether something is said of it or not. */
export function useTermsText(): (terms: TermsDraft) => readonly TermText[] {
  const { t, i18n } = useTranslation("catalog");
  const usd = (text: string) => {
    try {
      return formatUsdInFull(text, i18n.language);
    } catch {
      return text; // not a price yet: it is being typed
    }
  };
  const tierText = (tier: TierDraft) => {
    const parts = tierParts.filter((part) => tier[part].trim() !== "");
    const count = Number(tier.above);
    return t("terms.tier_text", {
      above: Number.isFinite(count) ? formatExact(count, i18n.language) : tier.above,
      prices: parts.map((part) => `${t(`column.${part}_usd`)} ${usd(tier[part])}`).join(", "),
    });
  };
  return (terms) => [
    ...singleTerms.map((term) => ({
      label: t(`terms.${term}`),
      text: terms[term].trim() === "" ? "" : usd(terms[term]),
    })),
    { label: t("terms.tiers"), text: terms.tiers.map(tierText).join("; ") },
    {
      label: t("terms.lanes"),
      text: terms.lanes.map(({ name, multiplier }) => `${name} ×${multiplier}`).join(", "),
    },
  ];
}
