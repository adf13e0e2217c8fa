import { useId, useState } from "react";

import type { Trace } from "@/api/types";
import { Button } from "@/components/ui/button";
import { formatDuration } from "@/format/duration";
import { Section } from "./section";
import { StaticTable } from "./static-table";
import { useReader } from "./use-reader";
import { type Row, type Segment, type Waterfall, waterfallOf } from "./waterfall";
import { channelWord, type Reader } from "./words";

const rowHeight = 26;
const barHeight = 12;
const head = 20;
/** Units along the axis; the picture is stretched to the width there is. */
const span = 1_000;

const fills: Record<Segment["kind"], string> = {
  phase: "fill-(--chart-8) opacity-60",
  headers: "fill-(--chart-2) opacity-55",
  body: "fill-(--chart-1)",
  failed: "fill-(--err)",
  cancelled: "",
  wait: "fill-(--line-strong) opacity-40",
};

/** Phases and attempts on one axis of time, or the same as a table. */
export function WaterfallView({ trace }: { trace: Trace }) {
  const reader = useReader();
  const { t } = reader;
  const [isTable, setTable] = useState(false);
  const waterfall = waterfallOf(trace);
  if (waterfall.rows.length === 0) return null;
  return (
    <Section
      title={t("section.timeline")}
      aside={
        <Button size="sm" variant="ghost" onClick={() => setTable(!isTable)}>
          {isTable ? t("timeline.chart") : t("timeline.table")}
        </Button>
      }
    >
      {isTable ? (
        <TimelineTable waterfall={waterfall} reader={reader} />
      ) : (
        <Chart waterfall={waterfall} reader={reader} />
      )}
    </Section>
  );
}

function Chart({ waterfall, reader }: { waterfall: Waterfall; reader: Reader }) {
  const { t } = reader;
  const { rows, length, ticks, firstEvent } = waterfall;
  const hatch = useId();
  const x = (us: number) => (us / length) * span;
  const height = head + rows.length * rowHeight;
  const at = (index: number) => head + index * rowHeight + (rowHeight - barHeight) / 2;
  return (
    <figure className="grid grid-cols-[minmax(6rem,11rem)_minmax(0,1fr)_auto] gap-x-3 text-sm">
      <div aria-hidden="true" className="col-start-1 row-start-1 pt-5">
        {rows.map((row) => (
          <div
            key={row.id}
            className="h-6.5 truncate text-fg-2 leading-6.5"
            title={nameOf(row, reader)}
          >
            {nameOf(row, reader)}
          </div>
        ))}
      </div>
      <div className="relative col-start-2 row-start-1 min-w-0">
        <div aria-hidden="true" className="num absolute inset-x-0 top-0 h-5 text-fg-3 text-xs">
          {ticks.map((tick) => (
            <Tick key={tick} share={tick / length} label={tickLabel(tick)} />
          ))}
        </div>
        <svg
          role="img"
          aria-label={t("timeline.summary", {
            phases: rows.filter((row) => "phase" in row.what).length,
            attempts: rows.filter((row) => "attempt" in row.what).length,
            duration: formatDuration(length),
          })}
          viewBox={`0 0 ${span} ${height}`}
          preserveAspectRatio="none"
          className="block w-full"
          height={height}
        >
          <defs>
            <pattern
              id={hatch}
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="3" height="6" className="fill-(--line-strong)" />
            </pattern>
          </defs>
          {ticks.map((tick) => (
            <line
              key={tick}
              x1={x(tick)}
              x2={x(tick)}
              y1={head}
              y2={height}
              className="stroke-(--line) [vector-effect:non-scaling-stroke]"
            />
          ))}
          {rows.map((row, index) => (
            <g key={row.id}>
              <title>{`${nameOf(row, reader)}: ${formatDuration(row.start)} – ${formatDuration(row.end)}`}</title>
              {row.segments.map((segment) => (
                <rect
                  key={`${segment.kind} ${segment.start}`}
                  x={x(segment.start)}
                  y={at(index)}
                  width={Math.max(2, x(segment.end) - x(segment.start))}
                  height={barHeight}
                  className={fills[segment.kind]}
                  {...(segment.kind === "cancelled" && { fill: `url(#${hatch})` })}
                />
              ))}
            </g>
          ))}
          {firstEvent !== undefined && (
            <line
              x1={x(firstEvent)}
              x2={x(firstEvent)}
              y1={head}
              y2={height}
              strokeDasharray="4 3"
              className="stroke-(--fg) [vector-effect:non-scaling-stroke]"
            />
          )}
        </svg>
      </div>
      <div aria-hidden="true" className="num col-start-3 row-start-1 pt-5 text-right">
        {rows.map((row) => (
          <div key={row.id} className="h-6.5 whitespace-nowrap leading-6.5">
            {formatDuration(row.end - row.start)}
          </div>
        ))}
      </div>
      {firstEvent !== undefined && (
        <figcaption className="num col-span-3 mt-1 text-fg-2 text-xs">
          <span
            aria-hidden="true"
            className="mr-1.5 inline-block w-4 border-fg border-t border-dashed align-middle"
          />
          {t("timeline.first_event")} {formatDuration(firstEvent)}
        </figcaption>
      )}
    </figure>
  );
}

/** Round figures need no zeros behind the point. */
const tickLabel = (us: number) => (us === 0 ? "0" : formatDuration(us).replace(/\.0+ /, " "));

/** A figure above the axis. The last one must not leave the picture. */
function Tick({ share, label }: { share: number; label: string }) {
  const nearEnd = share > 0.92;
  return (
    <span
      className="absolute whitespace-nowrap max-sm:[&:not(:first-child):not(:last-child)]:hidden"
      style={nearEnd ? { right: `${(1 - share) * 100}%` } : { left: `${share * 100}%` }}
    >
      {label}
    </span>
  );
}

function TimelineTable({ waterfall, reader }: { waterfall: Waterfall; reader: Reader }) {
  const { t } = reader;
  const rows = waterfall.rows.flatMap((row) => [
    cellsOf(row.id, nameOf(row, reader), row.start, row.end),
    ...(row.segments.length > 1
      ? row.segments.map((segment) =>
          cellsOf(
            `${row.id} ${segment.kind}`,
            `– ${segment.kind === "headers" ? t("timeline.headers") : t("timeline.body")}`,
            segment.start,
            segment.end,
          ),
        )
      : []),
  ]);
  if (waterfall.firstEvent !== undefined)
    rows.push(
      cellsOf("first", t("timeline.first_event"), waterfall.firstEvent, waterfall.firstEvent),
    );
  return (
    <StaticTable
      label={t("section.timeline")}
      columns={[
        { name: t("timeline.step") },
        { name: t("timeline.begin"), isNumber: true },
        { name: t("timeline.end"), isNumber: true },
        { name: t("timeline.length"), isNumber: true },
      ]}
      rows={rows}
    />
  );
}

const cellsOf = (id: string, name: string, start: number, end: number) => ({
  id,
  cells: [name, formatDuration(start), formatDuration(end), formatDuration(end - start)],
});

function nameOf(row: Row, reader: Reader): string {
  const { t } = reader;
  if ("phase" in row.what) return t(`phase.${row.what.phase}`);
  if ("waitBefore" in row.what) return t("timeline.wait", { number: row.what.waitBefore });
  const { attempt, number } = row.what;
  return t("timeline.attempt", { number, channel: channelWord(reader, attempt) });
}
