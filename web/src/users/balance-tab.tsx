import { CircleSlash } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { AdjustDialog } from "@/balance/adjust-dialog";
import { BalanceView } from "@/balance/balance-view";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { useMe } from "@/session/use-me";
import { useShownUser } from "./user-page";

/** What the user has, with who moved what; root gives and takes. */
export function BalanceTab() {
  const { t } = useTranslation("errors");
  const { features } = useMe();
  if (!features.billing) {
    return (
      <Empty
        icon={<CircleSlash />}
        title={t("page.feature_heading")}
        text={t("page.feature_text")}
      />
    );
  }
  return <Balance />;
}

function Balance() {
  const { t } = useTranslation(["balance", "users"]);
  const { username } = useShownUser();
  const me = useMe();
  const [isAdjusting, setIsAdjusting] = useState(false);
  const owner = useMemo(() => ({ user: username }), [username]);
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="max-w-180 text-fg-2">{t("balance:about_user")}</p>
        <Button
          variant="primary"
          disabledReason={me.role === "root" ? undefined : t("users:root_only")}
          onClick={() => setIsAdjusting(true)}
        >
          {t("balance:adjust.verb")}
        </Button>
      </div>
      <BalanceView owner={owner} />
      <AdjustDialog open={isAdjusting} user={username} onClose={() => setIsAdjusting(false)} />
    </div>
  );
}
