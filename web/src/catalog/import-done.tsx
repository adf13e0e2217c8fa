import { useTranslation } from "react-i18next";

import { Notice } from "@/components/ui/notice";
import { formatExact } from "@/format/number";
import { countsOf, type ImportRow } from "./import-row";

/** Names beyond these are only counted. */
const mostNamed = 100;

/** What was written. */
export function ImportDone({ rows }: { rows: readonly ImportRow[] }) {
  const { t, i18n } = useTranslation("catalog");
  const { added, changed } = countsOf(rows);
  const number = (count: number) => formatExact(count, i18n.language);
  const more = rows.length - mostNamed;
  return (
    <div role="status" className="space-y-3">
      <Notice
        tone={rows.length === 0 ? "warn" : "ok"}
        heading={t("import.done.title", { count: rows.length, number: number(rows.length) })}
      >
        {rows.length === 0
          ? t("import.done.nothing")
          : t("import.done.text", { added: number(added), changed: number(changed) })}
      </Notice>
      {rows.length > 0 && (
        <ul
          aria-label={t("import.done.list")}
          data-raw=""
          className="max-h-96 space-y-0.5 overflow-y-auto rounded-panel border border-line px-3 py-2 font-mono text-sm"
        >
          {rows.slice(0, mostNamed).map(({ model }) => (
            <li key={model} className="[overflow-wrap:anywhere]">
              {model}
            </li>
          ))}
        </ul>
      )}
      {more > 0 && (
        <p className="text-fg-2 text-sm">
          {t("import.done.more", { count: more, number: number(more) })}
        </p>
      )}
    </div>
  );
}
