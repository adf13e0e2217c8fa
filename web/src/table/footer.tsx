import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import { useProblemText } from "@/components/problem-text";
import { Button } from "@/components/ui/button";
import { formatExact } from "@/format/number";
import type { Rows } from "./rows";

/** How many rows of how many, and the way to more of them. */
export function Footer({ rows }: { rows: Rows<unknown> }) {
  const { t, i18n } = useTranslation(["table", "errors", "common"]);
  const words = useProblemText();
  const figure = (count: number) => formatExact(count, i18n.language);
  const loaded = rows.items.length;
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-line border-t px-3 py-1 text-fg-2 text-xs">
      <span role="status" className="num">
        {rows.status === "pending" ? t("common:loading") : count()}
      </span>
      {rows.toFirst && (
        <Button size="sm" variant="ghost" onClick={rows.toFirst}>
          {t("to_first")}
        </Button>
      )}
      <span className="flex-1" />
      {rows.status === "error" && (
        <span role="alert" className="text-err">
          {words(asProblem(rows.error))}
          {asProblem(rows.error).requestId && (
            <span className="ml-1 font-mono">{asProblem(rows.error).requestId}</span>
          )}
        </span>
      )}
      {rows.status === "error" ? (
        <Button size="sm" onClick={rows.retry}>
          {t("common:retry")}
        </Button>
      ) : (
        rows.hasMore && (
          <Button size="sm" variant="ghost" loading={rows.isLoadingMore} onClick={rows.loadMore}>
            {t("load_more")}
          </Button>
        )
      )}
    </div>
  );

  function count() {
    if (rows.toFirst) return t("count_later", { count: loaded });
    const range = { to: figure(loaded) };
    if (!rows.hasMore) return t("count_all", range);
    if (rows.approxTotal === undefined || rows.approxTotal <= loaded) return t("count_more", range);
    return t("count_about", { ...range, total: figure(rows.approxTotal) });
  }
}
