import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";

/** The way to one's link for others, and what came of it. */
export function InvitationsSection() {
  const { t } = useTranslation("account");
  return (
    <div className="space-y-3">
      <p className="max-w-140 text-fg-2">{t("invitations.about")}</p>
      <Button asChild>
        <Link to="/account/invitations">{t("invitations.open")}</Link>
      </Button>
    </div>
  );
}
