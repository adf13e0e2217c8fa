import { useTranslation } from "react-i18next";

import type { Balance } from "@/api/types";
import { Numbers } from "@/chart/numbers";
import { Notice } from "@/components/ui/notice";
import { Money } from "@/components/value/money";
import { formatUsd, nanoOf, usdOf } from "@/format/money";
import { isCut } from "./holds";

/** What can be spent and what is held of it; what is owed is said in words. */
export function BalanceFigures({ balance }: { balance: Balance }) {
  const { t, i18n } = useTranslation("balance");
  const { available_usd, held_usd, holds } = balance;
  const available = nanoOf(available_usd);
  return (
    <>
      {available < 0n && (
        <Notice tone="err">
          {t("owed", { amount: formatUsd(usdOf(-available), i18n.language) })}
        </Notice>
      )}
      <Numbers
        label={t("figures")}
        cells={[
          {
            key: "available",
            label: t("available"),
            value: (
              <span className={available < 0n ? "text-err" : undefined}>
                <Money usd={available_usd} />
              </span>
            ),
            hint: t(available < 0n ? "available_owed" : "available_help"),
          },
          {
            key: "held",
            label: t("held"),
            value: <Money usd={held_usd} />,
            hint: isCut(holds)
              ? t("held_for_many", { count: holds.length })
              : t("held_for", { count: holds.length }),
          },
        ]}
      />
    </>
  );
}
