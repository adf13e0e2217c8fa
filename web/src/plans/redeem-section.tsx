import { Gift } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { RedeemDialog } from "@/balance/redeem-dialog";
import { Button } from "@/components/ui/button";
import { Section } from "@/shell/page";

/** For who has a code instead of money. */
export function RedeemSection() {
  const { t } = useTranslation(["plans", "balance"]);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Section
      title={t("balance:redeem.title")}
      about={t("balance:redeem.about")}
      actions={
        <Button icon={<Gift aria-hidden="true" />} onClick={() => setIsOpen(true)}>
          {t("plans:enter_code")}
        </Button>
      }
    >
      <RedeemDialog open={isOpen} onClose={() => setIsOpen(false)} />
    </Section>
  );
}
