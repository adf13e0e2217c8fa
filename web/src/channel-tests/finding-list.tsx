import { useTranslation } from "react-i18next";

import type { TestFinding } from "@/api/types";
import { Badge } from "@/components/ui/badge";

/** What is wrong with an answer: what it is, and what to do about it. */
export default function FindingList({ findings }: { findings: readonly TestFinding[] }) {
  const { t } = useTranslation("channel_tests");
  return (
    <ul className="space-y-2">
      {findings.map(({ code, severity }) => (
        <li key={code} className="min-w-56 max-w-prose whitespace-normal">
          <p className="flex flex-wrap items-baseline gap-x-2 font-medium">
            <Badge tone={severity === "error" ? "err" : "warn"}>{t(`severity.${severity}`)}</Badge>
            {t(`finding.${code}.title`)}
          </p>
          <p className="text-fg-2 text-sm">{t(`finding.${code}.todo`)}</p>
        </li>
      ))}
    </ul>
  );
}
