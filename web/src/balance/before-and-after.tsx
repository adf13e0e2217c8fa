import { useTranslation } from "react-i18next";

import type { Balance } from "@/api/types";
import { cn } from "@/components/class-names";
import { Skeleton } from "@/components/ui/skeleton";
import { addUsd, formatUsdInFull } from "@/format/money";
import { isTooMuch } from "./adjustment";

/** What is available now and what will be, while the amount is typed. */
export function BeforeAndAfter(props: {
  balance: Balance | undefined;
  amount: string | undefined;
}) {
  const { t, i18n } = useTranslation("balance");
  const { balance, amount } = props;
  if (!balance) return <Skeleton className="h-9 w-full" />;
  const before = balance.available_usd;
  const cannot = amount !== undefined && isTooMuch(amount, before);
  const shown = (usd: string) => formatUsdInFull(usd, i18n.language);
  return (
    <div className="space-y-1 rounded-control bg-surface-2 px-3 py-2 text-sm">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-fg-2">{t("available")}</span>
        <output className="num [overflow-wrap:anywhere]">
          {shown(before)}
          {amount !== undefined && (
            <>
              {" → "}
              <span className={cn("font-medium", cannot && "text-err")}>
                {shown(addUsd(before, amount))}
              </span>
            </>
          )}
        </output>
      </p>
      {cannot && <p className="text-err">{t("adjust.too_much_taken")}</p>}
    </div>
  );
}
