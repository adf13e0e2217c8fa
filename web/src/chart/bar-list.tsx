import { cloneElement, type ReactElement, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";

/** A link without content: the row puts its own in. `<Link to="/usage" search={…} />` */
export type LinkElement = ReactElement<{ className?: string; children?: ReactNode }>;

export interface Bar {
  readonly key: string;
  readonly label: string;
  /** For the length; negative counts as nothing. */
  readonly value: number;
  /** The value as it is read. */
  readonly text: ReactNode;
  /** A second figure. */
  readonly hint?: ReactNode;
  readonly link?: LinkElement;
}

/** Amounts side by side as bars, largest first as they come. Each may lead to the rows that make it. */
export function BarList(props: {
  label: string;
  bars: readonly Bar[];
  /** How many are shown before someone asks for all. */
  first?: number;
  /** The bars are people, keys or upstreams. */
  isPrivate?: boolean;
}) {
  const { t } = useTranslation("chart");
  const { bars, first = 8 } = props;
  const [isAll, setIsAll] = useState(false);
  const most = Math.max(0, ...bars.map(({ value }) => value));
  const shown = isAll ? bars : bars.slice(0, first);
  if (bars.length === 0) {
    return <p className="px-2 py-6 text-center text-fg-3 text-sm">{t("empty")}</p>;
  }
  return (
    <div>
      <ol aria-label={props.label} className="grid grid-cols-[minmax(0,1fr)_auto_auto] gap-y-0.5">
        {shown.map((bar) => (
          <li key={bar.key} className="col-span-3 grid grid-cols-subgrid">
            <Row
              bar={bar}
              isPrivate={props.isPrivate}
              share={most > 0 ? Math.max(0, bar.value) / most : 0}
            />
          </li>
        ))}
      </ol>
      {bars.length > first && (
        <Button size="sm" variant="ghost" className="mt-1" onClick={() => setIsAll(!isAll)}>
          {isAll ? t("fewer") : t("more", { count: bars.length })}
        </Button>
      )}
    </div>
  );
}

function Row(props: { bar: Bar; share: number; isPrivate: boolean | undefined }) {
  const { bar, share, isPrivate } = props;
  const look =
    "relative col-span-3 grid min-h-7 grid-cols-subgrid items-center gap-x-3 rounded-badge px-2 text-sm pointer-coarse:min-h-11";
  const content = (
    <>
      <svg aria-hidden="true" className="absolute inset-0 h-full w-full rounded-badge">
        <rect width={`${share * 100}%`} height="100%" className="fill-primary-soft" />
      </svg>
      <bdi
        data-raw=""
        {...(isPrivate && { "data-private": "" })}
        title={bar.label}
        className="relative min-w-0 truncate"
      >
        {bar.label}
      </bdi>
      <span className="num relative text-right text-fg-2 text-xs">{bar.hint}</span>
      <span className="num relative text-right font-medium">{bar.text}</span>
    </>
  );
  if (!bar.link) return <div className={look}>{content}</div>;
  return cloneElement(bar.link, {
    className: `${look} hover:bg-surface-2 [&_bdi]:hover:underline`,
    children: content,
  });
}
