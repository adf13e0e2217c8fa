import { cloneElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { Skeleton } from "@/components/ui/skeleton";
import { formatShare } from "@/format/number";
import type { LinkElement } from "./bar-list";

export interface NumberCell {
  readonly key: string;
  readonly label: string;
  /** `undefined` while it is not known. */
  readonly value: ReactNode | undefined;
  /** Below it, small: a second figure, or what it is made of. */
  readonly hint?: ReactNode;
  /** Against an earlier stretch of time. */
  readonly change?: {
    readonly now: number;
    readonly before: number;
    /** What it is compared with: "yesterday". */
    readonly than: string;
    /** Which way is good; left out where neither is. */
    readonly better?: "up" | "down";
  };
  /** To the rows that make the number. */
  readonly link?: LinkElement;
}

/** The key figures of a page in one strip. */
export function Numbers({ label, cells }: { label: string; cells: readonly NumberCell[] }) {
  return (
    <ul
      aria-label={label}
      className="grid grid-cols-2 gap-px overflow-hidden rounded-panel border border-line bg-line *:bg-surface sm:grid-cols-3 lg:auto-cols-fr lg:grid-flow-col lg:grid-cols-none [&>:last-child:nth-child(odd)]:col-span-2 sm:[&>:last-child:nth-child(odd)]:col-span-1 sm:[&>:last-child:nth-child(3n+1)]:col-span-3 sm:[&>:last-child:nth-child(3n+2)]:col-span-2 lg:[&>:last-child:nth-child(n)]:col-span-1"
    >
      {cells.map((cell) => (
        <li key={cell.key} className="min-w-0">
          <Cell cell={cell} />
        </li>
      ))}
    </ul>
  );
}

function Cell({ cell }: { cell: NumberCell }) {
  const look = "flex h-full min-w-0 flex-col px-4 py-3";
  const content = (
    <>
      <span className="truncate text-fg-2 text-xs">{cell.label}</span>
      <span className="num truncate font-semibold text-2xl">
        {cell.value === undefined ? <Skeleton className="my-1.5 h-5 w-20" /> : cell.value}
      </span>
      {cell.change && <Change {...cell.change} />}
      {cell.hint !== undefined && (
        <span className="num truncate text-fg-3 text-xs">{cell.hint}</span>
      )}
    </>
  );
  if (!cell.link) return <div className={look}>{content}</div>;
  return cloneElement(cell.link, {
    className: `${look} hover:bg-surface-2 focus-visible:-outline-offset-2`,
    children: content,
  });
}

function Change({ now, before, than, better }: NonNullable<NumberCell["change"]>) {
  const { t, i18n } = useTranslation("chart");
  const look = "text-xs";
  if (now === before) {
    return <span className={`${look} text-fg-3`}>{t("change_same", { before: than })}</span>;
  }
  if (before === 0) {
    return <span className={`${look} text-fg-3`}>{t("change_new", { before: than })}</span>;
  }
  const direction = now > before ? "up" : "down";
  const share = formatShare(roughly(Math.abs(now - before) / before), i18n.language);
  return (
    <span
      className={cn(
        look,
        better === undefined ? "text-fg-3" : direction === better ? "text-ok" : "text-err",
      )}
    >
      <span aria-hidden="true">{direction === "up" ? "↑ " : "↓ "}</span>
      {t(`change_${direction}`, { share, before: than })}
    </span>
  );
}

/** Whole per cents from ten on: the rest is noise. */
const roughly = (share: number) => (share >= 0.1 ? Math.round(share * 100) / 100 : share);
