import { Pencil, Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";
import { type Status, StatusBadge } from "@/components/ui/status-badge";
import { Countdown } from "@/components/value/countdown";

export function Buttons() {
  const { t } = useTranslation("ui");
  return (
    <div className="space-y-3">
      {(["md", "sm"] as const).map((size) => (
        <div key={size} className="flex flex-wrap items-center gap-2">
          <Button size={size} variant="primary">
            {t("sample.save")}
          </Button>
          <Button size={size} icon={<Plus aria-hidden="true" />}>
            {t("sample.create")}
          </Button>
          <Button size={size} variant="ghost">
            {t("sample.more")}
          </Button>
          <Button size={size} variant="danger">
            {t("sample.confirm")}
          </Button>
          <Button size={size} variant="danger_outline">
            {t("sample.disable")}
          </Button>
          <Button size={size} loading>
            {t("sample.loading")}
          </Button>
          <Button size={size} variant="primary" loading icon={<Plus aria-hidden="true" />}>
            {t("sample.create")}
          </Button>
          <Button size={size} disabled>
            {t("sample.save")}
          </Button>
          <Button size={size} disabledReason={t("sample.reason")}>
            {t("sample.save")}
          </Button>
        </div>
      ))}
      <div className="flex items-center gap-2">
        <IconButton label={t("sample.name")} keys="E" icon={<Pencil aria-hidden="true" />} />
        <IconButton size="sm" label={t("sample.confirm")} icon={<Trash2 aria-hidden="true" />} />
        <Kbd keys="Ctrl K" />
        <Kbd keys="G D" />
      </div>
    </div>
  );
}

const statuses: Status[] = ["ok", "degraded", "down", "cooling", "disabled", "unknown"];
const farAway = "2099-01-01T00:00:00Z";

export function States() {
  const { t } = useTranslation("ui");
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        {statuses.map((status) => (
          <StatusBadge
            key={status}
            status={status}
            {...(status === "cooling" && {
              detail: (
                <span className="visual-mask">
                  {t("sample.cooling")}, <Countdown until={farAway} />
                </span>
              ),
            })}
          />
        ))}
      </div>
      <div className="flex flex-wrap gap-2">
        <Badge>gpt-5.2</Badge>
        <Badge tone="info">messages</Badge>
        <Badge tone="ok">200</Badge>
        <Badge tone="warn">429</Badge>
        <Badge tone="err">503</Badge>
      </div>
    </div>
  );
}
