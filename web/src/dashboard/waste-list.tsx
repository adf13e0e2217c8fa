import { cloneElement } from "react";
import { useTranslation } from "react-i18next";

import type { Dashboard } from "@/api/types";
import { Money } from "@/components/value/money";
import { linkLook } from "@/connect/app-link";
import { Section } from "@/shell/page";
import { onlyErrors, useCallsLink } from "@/usage/calls-link";
import type { DashboardSpan } from "./queries";

/** The filters that keep what the server summed up: word for word what its document says. */
const wasteFilters = {
  failed: `${onlyErrors} cost>0`,
  retried: "attempts>1",
  mismatched: "mismatch:true",
} as const;

const kinds = ["failed", "retried", "mismatched"] as const;

/** Calls that cost something for little; nothing at all where there are none. */
export function WasteList({ waste, span }: { waste: Dashboard["waste"]; span: DashboardSpan }) {
  const { t } = useTranslation("dashboard");
  const calls = useCallsLink("mine");
  if (kinds.every((kind) => waste[kind].calls === 0)) return null;
  return (
    <Section
      title={t("waste.title")}
      actions={<span className="text-fg-2 text-sm">{t(`span.${span}`)}</span>}
    >
      <ul
        aria-label={t("waste.title")}
        className="grid grid-cols-1 gap-px overflow-hidden rounded-panel border border-line bg-line *:bg-surface sm:grid-cols-3"
      >
        {kinds.map((kind) => {
          const { calls: count, cost_usd } = waste[kind];
          const words = t(`waste.${kind}`);
          const link = count > 0 && calls({ f: wasteFilters[kind], t: span });
          return (
            <li key={kind} className="min-w-0 px-3 py-2">
              <p>{link ? cloneElement(link, { className: linkLook, children: words }) : words}</p>
              <p className="num text-fg-2 text-sm">
                {t("waste.count", { count })}
                {count > 0 && (
                  <>
                    {" · "}
                    <Money usd={cost_usd} />
                  </>
                )}
              </p>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
