import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { formatExact } from "@/format/number";
import { priceSyncQuery } from "./queries";

/** That prices of the list wait for somebody, or that the list could not be had; nothing where all is well. */
export function PricesWaiting({ onLook }: { onLook: () => void }) {
  const { t, i18n } = useTranslation("catalog");
  const { data } = useQuery(priceSyncQuery);
  const count = data?.waiting.length ?? 0;
  const isFailing = data?.last?.failure !== undefined && data.every_hours > 0;
  if (count === 0 && !isFailing) return null;
  const number = formatExact(count, i18n.language);
  return (
    <Notice
      tone="warn"
      className="mb-3"
      action={
        <Button size="sm" onClick={onLook}>
          {t("sync.look")}
        </Button>
      }
    >
      {count > 0 ? t("sync.waiting", { count, number }) : t("sync.failing")}
    </Notice>
  );
}
