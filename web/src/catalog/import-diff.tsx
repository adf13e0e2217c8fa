import { useDeferredValue, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Segmented } from "@/components/ui/segmented";
import { formatExact } from "@/format/number";
import { useIsNarrow } from "@/table/media";
import { useVirtualRows } from "@/table/virtual-rows";
import { ImportLine, importGrid, importParts } from "./import-line";
import {
  canTake,
  canTakeAlong,
  countsOf,
  type ImportNote,
  type ImportReport,
  type ImportState,
  importNotes,
  importStates,
  shownOf,
} from "./import-row";

interface Props {
  report: ImportReport;
  ticked: ReadonlySet<string>;
  onTick: (models: readonly string[], on: boolean) => void;
}

/** What an import would change, model by model, to be ticked. Only the lines in view are drawn. */
export function ImportDiff({ report, ticked, onTick }: Props) {
  const { t, i18n } = useTranslation("catalog");
  const { rows } = report;
  const counts = useMemo(() => countsOf(rows), [rows]);
  const [state, setState] = useState<ImportState | "all">(() =>
    counts.changed > 0 ? "changed" : "all",
  );
  const [q, setQ] = useState("");
  const wanted = useDeferredValue(q);
  const shown = useMemo(() => shownOf(rows, state, wanted), [rows, state, wanted]);
  const free = useMemo(() => shown.filter(canTakeAlong).map(({ model }) => model), [shown]);
  const all = useMemo(() => shown.filter(canTake).map(({ model }) => model), [shown]);
  const present = importStates.filter((one) => counts[one] > 0);
  const count = (number: number) => formatExact(number, i18n.language);
  return (
    <div className="space-y-3">
      <p className="text-fg-2">
        {t(`import.found.${report.format}`, {
          count: rows.length,
          number: count(rows.length),
        })}{" "}
        {t("import.tick_about")}
      </p>
      <Notes rows={rows} />
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label={t("import.state_label")}
          className="min-w-0"
          value={state}
          onChange={setState}
          options={(["all", ...present] as const).map((value) => ({
            value,
            label: (
              <>
                {t(`import.state.${value}`)}
                <span className="num text-fg-3">
                  {count(value === "all" ? rows.length : counts[value])}
                </span>
              </>
            ),
          }))}
        />
        <Input
          type="search"
          value={q}
          aria-label={t("import.search")}
          placeholder={t("import.search")}
          onChange={(event) => setQ(event.target.value)}
          className="w-auto min-w-40 flex-1"
        />
        <Button
          size="sm"
          disabledReason={
            free.length > 0
              ? undefined
              : t(all.length > 0 ? "import.only_pinned" : "import.nothing_to_tick")
          }
          onClick={() => onTick(free, true)}
        >
          {t("import.tick_shown", { count: free.length, number: count(free.length) })}
        </Button>
        <Button size="sm" onClick={() => onTick(all, false)}>
          {t("import.untick_shown")}
        </Button>
      </div>
      {shown.length === 0 ? (
        <p className="rounded-panel border border-line px-3 py-8 text-center text-fg-2">
          {rows.length === 0 ? t("import.empty") : t("import.no_match")}
        </p>
      ) : (
        <Lines key={`${state} ${wanted}`} shown={shown} ticked={ticked} onTick={onTick} />
      )}
    </div>
  );
}

/** What of the prices is left out, since a price here cannot say it. */
function Notes({ rows }: { rows: ImportReport["rows"] }) {
  const { t, i18n } = useTranslation("catalog");
  const count = (note: ImportNote) => rows.filter((row) => row.note_code === note).length;
  const told = importNotes.filter((note) => count(note) > 0);
  if (told.length === 0) return null;
  return (
    <Notice tone="warn" heading={t("import.note.title")}>
      <ul>
        {told.map((note) => (
          <li key={note}>
            {t(`import.note.${note}`, {
              count: count(note),
              number: formatExact(count(note), i18n.language),
            })}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Lines(props: {
  shown: ImportReport["rows"];
  ticked: ReadonlySet<string>;
  onTick: Props["onTick"];
}) {
  const { t } = useTranslation("catalog");
  const { shown, ticked, onTick } = props;
  const box = useRef<HTMLDivElement>(null);
  const isNarrow = useIsNarrow();
  const slices = useVirtualRows({
    box,
    count: shown.length,
    rowHeight: isNarrow ? 148 : 44,
    kept: -1,
  });
  return (
    <div className="overflow-hidden rounded-panel border border-line">
      {!isNarrow && (
        <div
          aria-hidden="true"
          className={cn(importGrid, "border-line border-b bg-surface-2 py-1.5 text-fg-2 text-xs")}
        >
          <span />
          <span>{t("column.name")}</span>
          <span>{t("import.state_column")}</span>
          {importParts.map((part) => (
            <span key={part} className="text-right">
              {t(`column.${part}`)}
            </span>
          ))}
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by the keyboard */}
      <div ref={box} tabIndex={0} className="max-h-[calc(100dvh-20rem)] min-h-40 overflow-y-auto">
        <ul aria-label={t("import.lines")}>
          {slices.map((slice) => {
            if (slice.kind === "room") {
              return <li key={slice.key} aria-hidden="true" style={{ height: slice.height }} />;
            }
            const row = shown[slice.index];
            return (
              row && (
                <ImportLine
                  key={row.model}
                  row={row}
                  at={slice.index + 1}
                  of={shown.length}
                  isNarrow={isNarrow}
                  isTicked={ticked.has(row.model)}
                  onTick={onTick}
                />
              )
            );
          })}
        </ul>
      </div>
    </div>
  );
}
