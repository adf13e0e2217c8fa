import { useTranslation } from "react-i18next";

import type { TimeResult } from "@/api/types";
import { Notice } from "@/components/ui/notice";

interface Props {
  results: readonly TimeResult[];
  /** What an item is called; as it was asked for where left out. */
  nameOf?: (item: string) => string;
}

/** How many were done, and why each of the others was not. */
export function TimeResultList({ results, nameOf = (item) => item }: Props) {
  const { t } = useTranslation("subscriptions");
  const failed = results.filter(({ problem }) => problem !== undefined);
  const heading = t("results.failed", { count: failed.length });
  return (
    <div role="status" className="space-y-3">
      <Notice tone={failed.length === 0 ? "ok" : "warn"}>
        {t("results.done", { count: results.length - failed.length })}
      </Notice>
      {failed.length > 0 && (
        <section className="space-y-1">
          <h3 className="font-medium text-sm">{heading}</h3>
          <ul
            aria-label={heading}
            className="divide-y divide-line rounded-panel border border-line bg-surface text-sm"
          >
            {failed.map(({ item, problem }) => (
              <li key={item} className="space-y-0.5 px-3 py-1.5 [overflow-wrap:anywhere]">
                <p data-raw="" data-private="" className="font-medium">
                  {nameOf(item)}
                </p>
                <p className="text-fg-2">{problem && t(`results.${problem}`)}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
