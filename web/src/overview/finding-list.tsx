import { useTranslation } from "react-i18next";

import type { Finding } from "@/api/types";
import { Button } from "@/components/ui/button";
import { type Status, StatusBadge } from "@/components/ui/status-badge";
import { AppLink } from "@/connect/app-link";
import { useOpens } from "@/shell/use-opens";
import { useReader } from "@/trace/use-reader";
import { findingText } from "./finding-text";

const shapes: Record<Finding["severity"], Status> = {
  error: "down",
  warning: "degraded",
  info: "unknown",
};

/** What is not as it should be, the worst first, each with what shows it and the way to mend it. */
export function FindingList({ findings }: { findings: readonly Finding[] }) {
  const { t } = useTranslation("admin");
  if (findings.length === 0) return null;
  return (
    <ul
      aria-label={t("findings")}
      className="divide-y divide-line rounded-panel border border-line bg-surface"
    >
      {findings.map((finding) => (
        <Row key={finding.id} finding={finding} />
      ))}
    </ul>
  );
}

function Row({ finding }: { finding: Finding }) {
  const { t } = useTranslation("admin");
  const reader = useReader();
  const opens = useOpens();
  const { what, evidence, fix } = findingText(t, reader, finding);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-3 py-2 md:grid-cols-[5.5rem_minmax(0,1fr)_auto]">
      <StatusBadge
        className="text-sm max-md:col-span-2"
        status={shapes[finding.severity]}
        word={t(`severity.${finding.severity}`)}
      />
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <p data-raw="">{what}</p>
        {evidence !== undefined && (
          <p data-raw="" className="text-fg-2 text-sm">
            {evidence}
          </p>
        )}
      </div>
      {fix && opens(fix.href) && (
        <Button asChild size="sm">
          <AppLink href={fix.href}>{fix.label}</AppLink>
        </Button>
      )}
    </li>
  );
}
