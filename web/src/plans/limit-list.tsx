import { useTranslation } from "react-i18next";

import type { PlanTerms } from "@/api/types";
import { formatUsd } from "@/format/money";
import { limitsOf } from "./terms";

/** What a plan bears in each of its windows. */
export function LimitList({ terms }: { terms: PlanTerms }) {
  const { t, i18n } = useTranslation("plans");
  return (
    <ul>
      {limitsOf(terms).map(({ per, usd }) => (
        <li key={per} className="num">
          {t("limit", { amount: formatUsd(usd, i18n.language), per: t(`per.${per}`) })}
        </li>
      ))}
    </ul>
  );
}
