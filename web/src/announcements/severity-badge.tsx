import { Info, OctagonAlert, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AnnouncementSeverity } from "@/api/types";
import { Badge } from "@/components/ui/badge";

export const severities = ["info", "warning", "critical"] as const;

export const severityIcons = { info: Info, warning: TriangleAlert, critical: OctagonAlert };

const tones = { info: "neutral", warning: "warn", critical: "err" } as const;

/** How much it matters: shape, colour and word each say it alone. */
export function SeverityBadge({ severity }: { severity: AnnouncementSeverity }) {
  const { t } = useTranslation("announcements");
  const Icon = severityIcons[severity];
  return (
    <Badge tone={tones[severity]}>
      <Icon aria-hidden="true" />
      {t(`severity.${severity}`)}
    </Badge>
  );
}
