import { useTranslation } from "react-i18next";

import { formatUsd, formatUsdInFull } from "@/format/money";
import { Missing } from "./missing";

/** Dollars from a decimal string, short; every digit is in the tooltip. */
export function Money({ usd, missing }: { usd: string | undefined; missing?: string | undefined }) {
  const { i18n } = useTranslation();
  if (usd === undefined) return <Missing {...(missing !== undefined && { reason: missing })} />;
  return (
    <data value={usd} title={formatUsdInFull(usd, i18n.language)} className="num">
      {formatUsd(usd, i18n.language)}
    </data>
  );
}
