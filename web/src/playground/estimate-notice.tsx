import { useTranslation } from "react-i18next";

import { Notice } from "@/components/ui/notice";
import { formatUsd } from "@/format/money";
import { formatCount } from "@/format/number";
import type { Estimate } from "./estimate";

/** What the next request may cost, where that is worth a thought. */
export function EstimateNotice({ estimate }: { estimate: Estimate | undefined }) {
  const { t, i18n } = useTranslation("playground");
  return (
    <div role="status">
      {estimate && (
        <Notice tone="info">
          {t("estimate.text", {
            cost: formatUsd(estimate.usd, i18n.language),
            input: formatCount(estimate.input),
            output: formatCount(estimate.output),
          })}
        </Notice>
      )}
    </div>
  );
}
