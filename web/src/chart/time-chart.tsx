import { ImageDown, Table2, TrendingUp } from "lucide-react";
import { type KeyboardEvent, lazy, Suspense, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Skeleton } from "@/components/ui/skeleton";
import { useTimeZone } from "@/components/value/time-zone";
import type { Range } from "@/filter/range";
import { type Buckets, nameOf, rangeOf } from "./bucket";
import { coloursOf } from "./colour";
import { FiguresTable } from "./figures-table";
import { HoverList } from "./hover-list";
import { Legend } from "./legend";
import { savePicture } from "./picture";
import { rankedAt, type Series, sumOf, topSeries } from "./series";
import { useSummary } from "./summary";

const Plot = lazy(() => import("./plot"));

export interface TimeChartProps {
  /** What it shows: "Spend by model". */
  label: string;
  buckets: Buckets;
  series: readonly Series[];
  /** `bars` are stacked: their sum means something. `lines` stand each for itself. */
  kind: "bars" | "lines";
  /** A value in words, short enough for an axis. */
  format: (value: number) => string;
  /** The exact total of a series, where adding up what is drawn is not: money. */
  totalOf?: (key: string) => string | undefined;
  /** Only whole numbers on the axis: calls, tokens. */
  isWhole?: boolean;
  /** The last bucket is not over yet. */
  isLastIncomplete?: boolean;
  /** The same stretch before this one, bucket for bucket. */
  before?: readonly (number | null)[];
  /** The keys of two lines, the lower first: what lies between them is filled. */
  band?: readonly [string, string];
  /** Someone marked a range, by dragging or by keys. */
  onRange?: (range: Range) => void;
  /** Pixels. */
  height?: number;
}

/** A chart over time, with its legend, its values at the pointer, and all of it as words and as a table. */
export function TimeChart(props: TimeChartProps) {
  const { t, i18n } = useTranslation("chart");
  const { label, buckets, kind, format, isLastIncomplete = false, height = 180 } = props;
  const zone = useTimeZone();
  const keysId = useId();
  const canvas = useRef<HTMLCanvasElement | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [isTable, setIsTable] = useState(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [pointed, setPointed] = useState<{ at: number; left: number } | undefined>(undefined);
  const [at, setAt] = useState<number | undefined>(undefined);
  const [marked, setMarked] = useState<readonly [number, number] | undefined>(undefined);
  const series = useMemo(() => topSeries(props.series, t("other")), [props.series, t]);
  const colours = useMemo(() => coloursOf(series), [series]);
  const shown = useMemo(() => series.filter(({ key }) => !hidden.has(key)), [series, hidden]);
  const language = i18n.language;
  const drawing = useMemo(
    () => ({
      kind,
      buckets,
      series: shown,
      colours,
      before: props.before,
      band: props.band,
      isLastIncomplete,
      isWhole: props.isWhole ?? false,
      format,
      language,
      zone,
    }),
    [
      kind,
      buckets,
      shown,
      colours,
      props.before,
      props.band,
      isLastIncomplete,
      props.isWhole,
      format,
      language,
      zone,
    ],
  );
  const count = buckets.starts.length;
  const time = (index: number) => nameOf(buckets, index, language, zone);
  const summary = useSummary({ label, buckets, series: shown, kind, format, zone });

  function onKeyDown(event: KeyboardEvent) {
    const from = at ?? (event.key === "ArrowLeft" ? count : -1);
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: count - 1 }[event.key];
    if (to !== undefined) {
      const next = Math.max(0, Math.min(count - 1, to));
      setAt(next);
      setMarked(event.shiftKey ? [marked?.[0] ?? at ?? next, next] : undefined);
    } else if (event.key === "Enter" && at !== undefined) {
      const range = rangeOf(buckets, ...(marked ?? [at, at]));
      if (range) props.onRange?.(range);
      setMarked(undefined);
    } else if (event.key === "Escape" && (marked || at !== undefined)) leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function leave() {
    setAt(undefined);
    setMarked(undefined);
    setPointed(undefined);
  }

  function valueText(): string {
    if (at === undefined) return summary;
    if (marked && marked[0] !== marked[1]) {
      const [from, until] = [...marked].sort((left, right) => left - right);
      return t("marked", { from: time(from ?? 0), until: time(until ?? 0) });
    }
    const values = rankedAt(shown, at).map(({ series: one, value }) =>
      t("value", { label: one.label, value: format(value) }),
    );
    if (values.length === 0) return t("bucket_none", { time: time(at) });
    return t("bucket", { time: time(at), values: values.join(", ") });
  }

  if (count === 0 || props.series.length === 0) {
    return (
      <p className="flex min-h-30 items-center justify-center text-fg-3 text-sm">{t("empty")}</p>
    );
  }
  return (
    <figure aria-label={label} className="min-w-0">
      <figcaption className="sr-only">{summary}</figcaption>
      {isTable ? (
        <FiguresTable
          {...{ label, buckets, series, format, language, zone }}
          hasTotal={kind === "bars"}
        />
      ) : (
        <div
          ref={frame}
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-describedby={keysId}
          aria-valuemin={1}
          aria-valuemax={count}
          aria-valuenow={(at ?? count - 1) + 1}
          aria-valuetext={valueText()}
          onKeyDown={onKeyDown}
          onBlur={leave}
          onPointerLeave={() => setPointed(undefined)}
          className="relative rounded-badge"
          style={{ minHeight: height }}
        >
          <Suspense fallback={<Skeleton className="h-full w-full" />}>
            <Plot
              drawing={drawing}
              height={height}
              at={at}
              marked={marked}
              canvas={canvas}
              onPoint={(index, left) =>
                setPointed(index === undefined ? undefined : { at: index, left })
              }
              onDrag={
                props.onRange &&
                ((from, to) => {
                  const range = rangeOf(buckets, from, to);
                  if (range) props.onRange?.(range);
                })
              }
            />
          </Suspense>
          {pointed && pointed.at < count && (
            <HoverList
              {...{ series: shown, colours, format, at: pointed.at, left: pointed.left }}
              time={time(pointed.at)}
              isIncomplete={isLastIncomplete && pointed.at === count - 1}
              before={props.before?.[pointed.at]}
              hasTotal={kind === "bars"}
              isBeyondMiddle={pointed.left > (frame.current?.clientWidth ?? 0) / 2}
            />
          )}
          <p id={keysId} className="sr-only">
            {t("keys")}
          </p>
        </div>
      )}
      <div className="mt-1 flex items-start gap-2">
        <Legend
          {...{ series, colours, hidden }}
          onToggle={(key) => setHidden((now) => toggled(now, key))}
          totalOf={({ key, values }) =>
            props.totalOf?.(key) ?? (kind === "bars" ? format(sumOf(values)) : undefined)
          }
        />
        {!isTable && (
          <IconButton
            size="sm"
            label={t("save_png")}
            icon={<ImageDown aria-hidden="true" />}
            onClick={() => canvas.current && savePicture(canvas.current, label)}
          />
        )}
        <Button
          size="sm"
          variant="ghost"
          icon={isTable ? <TrendingUp aria-hidden="true" /> : <Table2 aria-hidden="true" />}
          onClick={() => setIsTable(!isTable)}
        >
          {isTable ? t("view_chart") : t("view_data")}
        </Button>
      </div>
    </figure>
  );
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}
