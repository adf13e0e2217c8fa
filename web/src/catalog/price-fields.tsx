import { useTranslation } from "react-i18next";

import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { FormField } from "@/form/form-field";
import { formatUsd, formatUsdInFull } from "@/format/money";
import { formatExact } from "@/format/number";
import type { ModelDraft } from "./model-changes";
import { exampleCost, exampleTokens, leapOf, type PriceDraft, priceFields } from "./price";
import { TermsFields } from "./terms-fields";
import { useTermsText } from "./terms-text";

const optional = new Set<string>(priceFields.slice(2));

/** The five prices and what few have besides, what a call costs with them, and what looks like a slip of the hand. */
export function PriceFields(props: { before: ModelDraft; draft: ModelDraft; fixed: boolean }) {
  const { t } = useTranslation("catalog");
  const { before, draft, fixed } = props;
  const words = useTermsText();
  const were = words(before.terms);
  const changed = words(draft.terms).filter(({ text }, at) => text !== were[at]?.text).length;
  return (
    <fieldset className="space-y-3">
      <legend className="font-semibold">{t("price.title")}</legend>
      <p className="text-fg-2 text-sm">{t(fixed ? "price.locked" : "price.about")}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        {priceFields.map((field) => (
          <FormField
            key={field}
            name={field}
            label={t(`price.${field}`)}
            unit={t("price.unit")}
            optional={optional.has(field)}
          >
            <Input
              inputMode="decimal"
              readOnly={fixed}
              className="num text-right"
              {...(optional.has(field) && { placeholder: insteadOf(field, draft) })}
            />
          </FormField>
        ))}
      </div>
      <TermsFields draft={draft.terms} changed={changed} fixed={fixed} />
      <Example draft={draft} />
      <Leaps before={before} draft={draft} />
    </fieldset>
  );
}

/** What holds where a price is left empty: writes for an hour cost what those for 5 minutes do, all else what fresh input does. */
const insteadOf = (field: keyof PriceDraft, draft: PriceDraft) =>
  (field === "cache_write_1h_usd_per_1m" && draft.cache_write_5m_usd_per_1m) ||
  draft.input_usd_per_1m;

function Example({ draft }: { draft: ModelDraft }) {
  const { t, i18n } = useTranslation("catalog");
  const cost = exampleCost(draft, draft.terms);
  const { input, cached, output } = exampleTokens;
  return (
    <p className="rounded-control bg-surface-2 px-3 py-2 text-sm">
      <span className="text-fg-2">
        {t("price.example", {
          input: formatExact(input, i18n.language),
          cached: formatExact(cached, i18n.language),
          output: formatExact(output, i18n.language),
        })}
      </span>{" "}
      <output className="num font-medium" title={cost && formatUsdInFull(cost, i18n.language)}>
        {cost === undefined ? t("price.example_none") : `= ${formatUsd(cost, i18n.language)}`}
      </output>
    </p>
  );
}

/** Changes of more than tenfold, and what would cost nothing from now on. */
function Leaps({ before, draft }: { before: PriceDraft; draft: PriceDraft }) {
  const { t, i18n } = useTranslation("catalog");
  const leaps = priceFields.flatMap((field) => {
    const leap = leapOf(before[field], draft[field]);
    return leap ? [{ field, leap }] : [];
  });
  if (leaps.length === 0) return null;
  return (
    <div role="status">
      <Notice tone="warn" heading={t("leap.title")}>
        <ul>
          {leaps.map(({ field, leap }) => (
            <li key={field}>
              {t(`price.${field}`)}:{" "}
              <span className="num">
                {`${formatUsdInFull(before[field], i18n.language)} → ${formatUsdInFull(draft[field], i18n.language)}`}
              </span>
              {", "}
              {leap.kind === "free"
                ? t("leap.free")
                : t(`leap.${leap.kind}`, { times: formatExact(leap.times, i18n.language) })}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
