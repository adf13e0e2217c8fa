import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";

/** The way to what one is told, and where. */
export function NotificationsSection() {
  const { t } = useTranslation("account");
  return (
    <div className="space-y-3">
      <p className="max-w-140 text-fg-2">{t("notifications.about")}</p>
      <Button asChild>
        <Link to="/account/notifications">{t("notifications.open")}</Link>
      </Button>
    </div>
  );
}
