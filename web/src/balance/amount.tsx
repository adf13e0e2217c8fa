import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { formatUsd, formatUsdInFull, nanoOf, usdOf } from "@/format/money";

/** Dollars that came or went: the mark says which, the colour repeats it for what came. */
export function Amount({ usd }: { usd: string }) {
  const { i18n } = useTranslation();
  const nano = nanoOf(usd);
  const isLoss = nano < 0n;
  const mark = nano === 0n ? "" : isLoss ? "−" : "+";
  const size = usdOf(isLoss ? -nano : nano);
  return (
    <data
      value={usd}
      title={`${mark}${formatUsdInFull(size, i18n.language)}`}
      className={cn("num", nano > 0n && "font-medium text-ok")}
    >
      {mark}
      {formatUsd(size, i18n.language)}
    </data>
  );
}
