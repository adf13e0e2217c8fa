import { type ReactNode, useState } from "react";
import { printRange, type Range } from "@/filter/range";
import { formatDuration } from "@/format/duration";
import { formatCount } from "@/format/number";
import { BarList } from "./bar-list";
import { hourBuckets, latencies, outcomes, spend } from "./gallery-fixture";
import { Numbers } from "./numbers";
import { sumOf } from "./series";
import { ShareBar } from "./share-bar";
import { Sparkline } from "./sparkline";
import { Strip } from "./strip";
import { TimeChart } from "./time-chart";

const buckets = hourBuckets(24);
const models = spend(24);
const calls = outcomes(24);
const usd = (value: number) => `$${value.toFixed(2)}`;
const hours = Array.from({ length: 24 }, (_, at) =>
  at % 7 === 2 ? null : at === 11 ? 0.4 : at === 17 ? 0.95 : 1,
);

/** A link that gets its content from where it stands. */
function To({ children, ...rest }: { href: string; className?: string; children?: ReactNode }) {
  return <a {...rest}>{children}</a>;
}

/** Charts and figures with fixed data, for the gallery. Their words are not translated. */
export default function ChartGallery() {
  const [range, setRange] = useState<Range | undefined>(undefined);
  return (
    <div className="space-y-8">
      <Numbers
        label="Today"
        cells={[
          {
            key: "spend",
            label: "Spend today",
            value: "$12.41",
            change: { now: 12.41, before: 10.1, than: "yesterday" },
            link: <To href="#spend" />,
          },
          {
            key: "calls",
            label: "Requests",
            value: "4,812",
            change: { now: 10, before: 10, than: "yesterday" },
            link: <To href="#calls" />,
          },
          {
            key: "errors",
            label: "Errors",
            value: "1.2 %",
            change: { now: 1.2, before: 0.4, than: "yesterday", better: "down" },
          },
          { key: "first", label: "First token", value: "0.69 s", hint: "P95 2.41 s" },
          { key: "cache", label: "Cache hits", value: undefined },
        ]}
      />
      <Part title={range ? printRange(range) : "Stacked bars"}>
        <TimeChart
          label="Spend by model"
          kind="bars"
          buckets={buckets}
          series={models}
          before={models[1]?.values.map((value) => (value ?? 0) * 3) ?? []}
          format={usd}
          isLastIncomplete
          onRange={setRange}
        />
      </Part>
      <Part title="Outcomes">
        <TimeChart
          label="Calls by outcome"
          kind="bars"
          buckets={buckets}
          series={calls}
          format={formatCount}
          isWhole
          isLastIncomplete
        />
      </Part>
      <Part title="Lines">
        <TimeChart
          label="First token"
          kind="lines"
          buckets={buckets}
          series={latencies(24)}
          format={formatDuration}
          isLastIncomplete
        />
      </Part>
      <Part title="Nothing">
        <TimeChart label="None" kind="bars" buckets={buckets} series={[]} format={usd} />
      </Part>
      <div className="grid gap-8 md:grid-cols-2">
        <Part title="Bars">
          <BarList
            label="Spend by model"
            first={6}
            bars={models.map(({ key, label, values }) => ({
              key,
              label,
              value: sumOf(values),
              text: usd(sumOf(values)),
              hint: "1.2k",
              link: <To href={`#${key.slice(0, 5)}`} />,
            }))}
          />
        </Part>
        <Part title="Small">
          <div className="flex flex-wrap items-center gap-6">
            <Strip label="pro-1" hours={hours} />
            <Strip label="pro-2" hours={hours.map(() => null)} />
            <Sparkline
              label="Requests"
              values={[1, 4, 3, null, null, 8, 2, null, 3, 3]}
              format={String}
            />
          </div>
          <ShareBar
            label="Tokens"
            shares={[
              { key: "input", label: "Input", value: 12_000 },
              { key: "cache", label: "Cache", value: 80_000 },
              { key: "output", label: "Output", value: 9_000 },
            ]}
          />
        </Part>
      </div>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0 space-y-2">
      <h2 className="font-semibold text-lg">{title}</h2>
      {children}
    </section>
  );
}
