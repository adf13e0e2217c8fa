import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Overview } from "@/api/types";
import { StatusBadge } from "@/components/ui/status-badge";
import { linkLook } from "@/connect/app-link";
import { useMe } from "@/session/use-me";

/** Whether everything serves, in one line. */
export function HealthLine({ overview }: { overview: Overview }) {
  const { t } = useTranslation("admin");
  const { features } = useMe();
  const { total, serving, degraded, down, disabled } = overview.channels;
  const active = total - disabled;
  const isAll = active > 0 && serving === active;
  const parts = [
    degraded > 0 && t("health.degraded", { count: degraded }),
    down > 0 && t("health.down", { count: down }),
    disabled > 0 && t("health.disabled", { count: disabled }),
  ].filter(Boolean);
  // As bad as its channels; what else is wrong stands below as a finding.
  const status = down > 0 || serving === 0 ? "down" : isAll && overview.healthy ? "ok" : "degraded";
  return (
    <p role="status" className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-lg">
      <StatusBadge
        status={active === 0 ? "unknown" : status}
        word={
          active === 0
            ? t("health.none")
            : isAll
              ? t("health.all", { count: active })
              : t("health.some", { serving, count: active })
        }
      />
      {parts.length > 0 && <span className="text-base text-fg-2">{parts.join(" · ")}</span>}
      {features.admin_channels && (
        <Link to={"/admin/channels" as never} className={`text-base ${linkLook}`}>
          {t("health.channels")}
        </Link>
      )}
    </p>
  );
}
