import { useTranslation } from "react-i18next";

import type { TokenView } from "@/api/types";
import { type Status, StatusBadge } from "@/components/ui/status-badge";

const statuses: Record<TokenView["status"], Status> = {
  active: "ok",
  disabled: "disabled",
  expired: "down",
  revoked: "down",
};

export function TokenStatus({ token }: { token: Pick<TokenView, "status"> }) {
  const { t } = useTranslation("tokens");
  return <StatusBadge status={statuses[token.status]} word={t(`status.${token.status}`)} />;
}
