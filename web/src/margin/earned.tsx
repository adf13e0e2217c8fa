import { useTranslation } from "react-i18next";

import type { Margin } from "@/api/types";
import { cn } from "@/components/class-names";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { formatShare } from "@/format/number";
import { isLoss, isUnknown } from "./margin-rows";

/** What vendors are paid, where anybody knows. */
export function UpstreamCost({ of }: { of: Margin }) {
  const { t } = useTranslation("margin");
  if (isUnknown(of)) return <Missing reason={t("unknown")} />;
  return <Money usd={of.upstream_cost_usd} />;
}

/** What was earned; a loss has its sign, and is seen from afar. */
export function Earned({ of }: { of: Margin }) {
  const { t } = useTranslation("margin");
  if (isUnknown(of)) return <Missing reason={t("unknown")} />;
  return (
    <span className={cn(isLoss(of) && "text-err")}>
      <Money usd={of.margin_usd} />
    </span>
  );
}

/** The share of it in what was charged. */
export function EarnedShare({ of }: { of: Margin }) {
  const { t, i18n } = useTranslation("margin");
  const { margin_share: share } = of;
  if (share === undefined) return <Missing reason={t(isUnknown(of) ? "unknown" : "no_share")} />;
  return (
    <span className={cn("num", isLoss(of) && "text-err")}>{formatShare(share, i18n.language)}</span>
  );
}
