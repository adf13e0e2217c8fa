import { type LucideIcon, Pin, TriangleAlert } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { Badge } from "@/components/ui/badge";
import { Checkbox } from "@/components/ui/checkbox";
import { Missing } from "@/components/value/missing";
import { formatUsdInFull } from "@/format/money";
import { formatExact, formatShare } from "@/format/number";
import type texts from "@/i18n/en/catalog";
import { canTake, type ImportPrice, type ImportRow } from "./import-row";
import { leapOf, shareOf } from "./price";

/** The columns of a line and of the head above it. */
export const importGrid =
  "grid grid-cols-[1rem_minmax(10rem,1fr)_5.5rem_repeat(5,minmax(8rem,11rem))] items-center gap-x-3 px-3";

export const importParts = [
  "input_usd",
  "output_usd",
  "cache_read_usd",
  "cache_write_5m_usd",
  "cache_write_1h_usd",
] as const;

const tones = { changed: "info", added: "ok", unchanged: "neutral", failed: "err" } as const;

interface Props {
  row: ImportRow;
  at: number;
  of: number;
  isNarrow: boolean;
  isTicked: boolean;
  onTick: (models: readonly string[], on: boolean) => void;
}

/** What would become of one model. */
export const ImportLine = memo(function ImportLine(props: Props) {
  const { t } = useTranslation("catalog");
  const { row, isNarrow } = props;
  const reasonOf = useReason();
  const tick = canTake(row) && (
    <Checkbox
      aria-label={t("import.take", { model: row.model })}
      checked={props.isTicked}
      onChange={(event) => props.onTick([row.model], event.currentTarget.checked)}
    />
  );
  const name = (
    <span className="flex min-w-0 items-center gap-1">
      <code data-raw="" title={row.model} className="min-w-0 truncate font-mono text-sm">
        {row.model}
      </code>
      {row.pinned && <Mark icon={Pin} words={t("import.pinned")} />}
      {row.note_code && <Mark icon={TriangleAlert} words={t("import.note.title")} isWarning />}
    </span>
  );
  const state = <Badge tone={tones[row.state]}>{t(`import.state.${row.state}`)}</Badge>;
  const reason = row.state === "failed" ? reasonOf(row) : undefined;
  const place = { "aria-setsize": props.of, "aria-posinset": props.at };
  if (!isNarrow) {
    return (
      <li
        {...place}
        className={cn(importGrid, "h-11 border-line border-b text-sm last:border-b-0")}
      >
        <span className="flex">{tick}</span>
        {name}
        <span>{state}</span>
        {reason === undefined ? (
          importParts.map((part) => (
            <span key={part} className="truncate text-right">
              <span className="sr-only">{t(`column.${part}`)}</span> <Part row={row} part={part} />
            </span>
          ))
        ) : (
          <span className="col-span-5 truncate text-fg-2" title={reason}>
            {reason}
          </span>
        )}
      </li>
    );
  }
  return (
    <li {...place} className="h-37 border-line border-b px-3 py-2 text-sm last:border-b-0">
      <div className="flex items-center gap-2">
        {tick}
        <span className="flex min-w-0 flex-1">{name}</span>
        {state}
      </div>
      {reason === undefined ? (
        <dl className="mt-1 space-y-0.5">
          {importParts.map((part) => (
            <div key={part} className="flex items-baseline justify-between gap-2">
              <dt className="text-fg-3 text-xs">{t(`column.${part}`)}</dt>
              <dd className="min-w-0 truncate">
                <Part row={row} part={part} />
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="mt-1 line-clamp-3 text-fg-2">{reason}</p>
      )}
    </li>
  );
});

/** A small sign beside the name of a model. */
function Mark(props: { icon: LucideIcon; words: string; isWarning?: boolean }) {
  const Icon = props.icon;
  return (
    <span
      title={props.words}
      className={cn("shrink-0", props.isWarning ? "text-warn" : "text-fg-3")}
    >
      <Icon aria-hidden="true" className="size-3.5 stroke-[1.5]" />
      <span className="sr-only">{props.words}</span>
    </span>
  );
}

/** One price before and after, with by how much it changes. */
function Part({ row, part }: { row: ImportRow; part: keyof ImportPrice }) {
  const { t, i18n } = useTranslation("catalog");
  const [before, after] = [row.before?.[part], row.after?.[part]];
  if (before === undefined && after === undefined) return <Missing reason={t("import.no_part")} />;
  const inFull = (usd: string | undefined) =>
    usd === undefined ? "–" : formatUsdInFull(usd, i18n.language);
  if (row.state === "added" || before === after) {
    return (
      <span className="num" title={inFull(after)}>
        {inFull(after)}
      </span>
    );
  }
  const share = shareOf(before, after);
  const leap = before !== undefined && after !== undefined ? leapOf(before, after) : undefined;
  return (
    <span className="num" title={`${inFull(before)} → ${inFull(after)}`}>
      <span className="text-fg-3">{`${inFull(before)} → `}</span>
      <span className="font-medium">{inFull(after)}</span>
      {leap && leap.kind !== "free" ? (
        <span className="ml-1 font-medium text-warn">
          {t(`import.leap.${leap.kind}`, { times: formatExact(leap.times, i18n.language) })}
        </span>
      ) : (
        share !== undefined && (
          <span className={cn("ml-1", leap ? "font-medium text-warn" : "text-fg-2")}>
            {`${share > 0 ? "+" : ""}${formatShare(share, i18n.language)}`}
          </span>
        )
      )}
    </span>
  );
}

const reasons: Record<keyof (typeof texts)["import"]["reason"], true> = {
  no_price: true,
  not_a_price: true,
  not_a_name: true,
  unreadable: true,
};

const isKnown = (code: string): code is keyof typeof reasons => Object.hasOwn(reasons, code);

/** Why nothing can be written of a model. */
function useReason(): (row: ImportRow) => string {
  const { t } = useTranslation("catalog");
  return ({ reason_code: code, reason }) =>
    code !== undefined && isKnown(code) ? t(`import.reason.${code}`) : (reason ?? "");
}
