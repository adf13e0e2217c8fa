import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { PartSums } from "@/api/types";
import { Duration } from "@/components/value/duration";
import { Money } from "@/components/value/money";
import { Tokens } from "@/components/value/tokens";
import { exactly } from "@/filter/grammar";
import type { ListState } from "@/filter/list-state";
import { useLocalListState } from "@/filter/list-state";
import type { Range } from "@/filter/range";
import { instantOf } from "@/filter/zone-time";
import { compareUsd } from "@/format/money";
import { formatShare } from "@/format/number";
import type { Column } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { allRows, type Rows } from "@/table/rows";
import { usePartName } from "./part-name";
import { type Asked, byQuery, type Dimension } from "./queries";

/** A breakdown; a press narrows the page to the calls of that row. */
export function ByTable(props: { asked: Asked; dimension: Dimension; state: ListState }) {
  const { asked, dimension, state } = props;
  const { t, i18n } = useTranslation("usage");
  const { data, error, refetch } = useQuery(byQuery(asked, dimension));
  const own = useLocalListState({ sort: "-cost" });
  const nameOf = usePartName();
  const columns = useShareColumns(t(`by.${dimension}`), i18n.language, named.has(dimension));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names change with the language only
  const items = useMemo(() => {
    const parts = data?.items ?? [];
    const said = parts.map((part) => ({ ...part, label: nameOf(dimension, part) }));
    return sorted(said, own.sort ?? "-cost");
  }, [data, own.sort, dimension, i18n.language]);
  /** The calls of one row: its day, or the filter that keeps no others. */
  function narrowTo({ key }: PartSums) {
    if (key === "_other") return; // no filter says so
    if (dimension === "day") {
      const range = dayOf(key, asked.zone);
      if (range) state.setRange(range);
      return;
    }
    state.setTerms([
      ...state.terms.filter(({ field }) => field !== dimension),
      { field: dimension, operator: ":", values: [exactly(key)] },
    ]);
  }
  const rows: Rows<PartSums> = {
    ...allRows(items),
    status: data ? "success" : error ? "error" : "pending",
    ...(error && { error }),
    retry: () => void refetch(),
  };
  return (
    <DataTable
      name={`usage.by_${dimension}`}
      label={t(`by.${dimension}`)}
      columns={columns}
      rows={rows}
      state={own}
      rowId={({ key }) => key}
      rowLabel={({ label }) => label}
      nothing={{ title: t("empty.title"), text: t("empty.text") }}
      opens={narrowTo}
    />
  );
}

/** From one midnight of the zone to the next. */
function dayOf(day: string, zone: string | undefined): Range | undefined {
  const next = new Date(Date.parse(`${day}T00:00Z`) + dayMs).toISOString().slice(0, 10);
  const since = instantOf(`${day}T00:00`, zone);
  const until = instantOf(`${next}T00:00`, zone);
  return since !== undefined && until !== undefined ? { since, until } : undefined;
}

const dayMs = 86_400_000;

/** What is known by the name of a person, a key or an upstream. */
const named: ReadonlySet<Dimension> = new Set(["user", "api_key", "channel", "session"]);

function useShareColumns(
  header: string,
  language: string,
  isPrivate: boolean,
): readonly Column<PartSums>[] {
  const { t } = useTranslation("usage");
  return useMemo(
    () => [
      {
        id: "label",
        header,
        isPrivate,
        cell: ({ label }) => <bdi data-raw="">{label}</bdi>,
        text: ({ label }) => label,
        width: 240,
        grows: true,
        card: "title",
      },
      {
        id: "calls",
        header: t("sum.calls"),
        cell: ({ calls }) => <Tokens count={calls} />,
        text: ({ calls }) => String(calls),
        width: 100,
        align: "end",
        sort: "desc",
        card: "figure",
      },
      {
        id: "errors",
        header: t("sum.errors"),
        cell: ({ errors, calls }) => (
          <span className="num">{formatShare(calls === 0 ? 0 : errors / calls, language)}</span>
        ),
        text: ({ errors }) => String(errors),
        width: 100,
        align: "end",
        sort: "desc",
      },
      {
        id: "input",
        header: t("column.input"),
        cell: (one) => <Tokens count={inputOf(one)} />,
        text: (one) => String(inputOf(one)),
        width: 110,
        align: "end",
        sort: "desc",
      },
      {
        id: "cached",
        header: t("column.cached"),
        cell: ({ cache_read_tokens }) => <Tokens count={cache_read_tokens} />,
        text: ({ cache_read_tokens }) => String(cache_read_tokens),
        width: 110,
        align: "end",
        sort: "desc",
      },
      {
        id: "output",
        header: t("column.output"),
        cell: ({ output_tokens }) => <Tokens count={output_tokens} />,
        text: ({ output_tokens }) => String(output_tokens),
        width: 110,
        align: "end",
        sort: "desc",
      },
      {
        id: "first_event",
        header: t("column.first_event"),
        cell: ({ p50_first_event_us }) => <Duration us={p50_first_event_us} />,
        text: ({ p50_first_event_us }) => String(p50_first_event_us ?? ""),
        width: 110,
        align: "end",
        sort: "desc",
      },
      {
        id: "saved",
        header: t("sum.cache_saved"),
        cell: ({ cache_saved_usd }) => <Money usd={cache_saved_usd} />,
        text: ({ cache_saved_usd }) => cache_saved_usd,
        width: 120,
        align: "end",
        sort: "desc",
      },
      {
        id: "cost",
        header: t("column.cost"),
        cell: ({ cost_usd }) => <Money usd={cost_usd} />,
        text: ({ cost_usd }) => cost_usd,
        width: 120,
        align: "end",
        sort: "desc",
        card: "figure",
      },
    ],
    [t, header, language, isPrivate],
  );
}

const inputOf = (one: PartSums) =>
  one.input_tokens + one.cache_read_tokens + one.cache_write_tokens;

/** All rows are there, so they are sorted here; money by its exact value. */
function sorted(items: readonly PartSums[], sort: string): PartSums[] {
  const down = sort.startsWith("-") ? -1 : 1;
  const compare: Record<string, (left: PartSums, right: PartSums) => number> = {
    calls: (left, right) => left.calls - right.calls,
    errors: (left, right) => left.errors - right.errors,
    input: (left, right) => inputOf(left) - inputOf(right),
    cached: (left, right) => left.cache_read_tokens - right.cache_read_tokens,
    output: (left, right) => left.output_tokens - right.output_tokens,
    first_event: (left, right) => (left.p50_first_event_us ?? 0) - (right.p50_first_event_us ?? 0),
    saved: (left, right) => compareUsd(left.cache_saved_usd, right.cache_saved_usd),
    cost: (left, right) => compareUsd(left.cost_usd, right.cost_usd),
  };
  const by = compare[sort.replace(/^-/, "")];
  return by ? [...items].sort((left, right) => down * by(left, right)) : [...items];
}
