import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";

import type { SourceText } from "@/form/text-source";
import { useAttempt } from "@/form/use-attempt";
import { canTake, type ImportReport, type ImportRow } from "./import-row";
import { models, type PriceListSource, refreshModels } from "./queries";

/** How a list is brought along: as a text, or as the address of one. */
export type Way = "text" | "url";

export interface Import {
  way: Way;
  setWay: (way: Way) => void;
  source: SourceText | undefined;
  setSource: (source: SourceText | undefined) => void;
  url: string;
  setUrl: (url: string) => void;
  /** Whether there is anything to compare. */
  hasSource: boolean;
  /** What would change, once it was compared. */
  report: ImportReport | undefined;
  /** What is to be written. */
  ticked: ReadonlySet<string>;
  tick: (models: readonly string[], on: boolean) => void;
  /** What was written. */
  written: readonly ImportRow[] | undefined;
  busy: boolean;
  error: unknown;
  compare: () => Promise<void>;
  write: () => Promise<void>;
  /** Back to the choice of a source. */
  restart: () => void;
}

/** Bringing prices along: choose a source, see what would change, tick, write. */
export function useImport(): Import {
  const queries = useQueryClient();
  const [way, setWay] = useState<Way>("text");
  const [source, setSource] = useState<SourceText>();
  const [url, setUrl] = useState("");
  const [report, setReport] = useState<ImportReport>();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [written, setWritten] = useState<readonly ImportRow[]>();
  const { busy, error, forgive, attempt } = useAttempt();
  const asked = useRef<AbortController>(undefined);
  const list = listOf(way, source, url);
  /** What is asked about another list is of no interest any more. */
  const turnTo = <Value>(set: (value: Value) => void) => {
    return (value: Value) => {
      asked.current?.abort();
      forgive();
      set(value);
    };
  };

  return {
    way,
    setWay: turnTo(setWay),
    source,
    setSource: turnTo(setSource),
    url,
    setUrl: turnTo(setUrl),
    hasSource: list !== undefined,
    report,
    ticked,
    tick: (names, on) =>
      setTicked((now) => {
        const next = new Set(now);
        for (const name of names) {
          if (on) next.add(name);
          else next.delete(name);
        }
        return next;
      }),
    written,
    busy,
    error,
    compare: () =>
      attempt(async () => {
        if (list === undefined) return;
        asked.current = new AbortController();
        const { signal } = asked.current;
        const found = await models.compare(list, signal).catch((caught: unknown) => {
          if (signal.aborted) return undefined;
          throw caught;
        });
        if (found === undefined) return;
        setReport(found);
        setTicked(new Set(found.rows.filter(isTakenAtFirst).map(({ model }) => model)));
      }),
    write: () =>
      attempt(async () => {
        if (list === undefined || report === undefined || ticked.size === 0) return;
        const done = await models.write(list, [...ticked], report.tag);
        setWritten(done.rows.filter((row) => row.written));
        await refreshModels(queries);
      }),
    restart: () => {
      setSource(undefined);
      setReport(undefined);
      setWritten(undefined);
      setTicked(new Set());
      forgive();
    },
  };
}

const isAddress = (text: string) => /^https?:\/\/\S+$/i.test(text);

function listOf(
  way: Way,
  source: SourceText | undefined,
  url: string,
): PriceListSource | undefined {
  const address = url.trim();
  if (way === "url") return isAddress(address) ? { url: address } : undefined;
  return source && { text: source.text };
}

/** A price that is there is never replaced unasked, and what looks like a mistake is never taken unasked. */
const isTakenAtFirst = (row: ImportRow) => canTake(row) && row.written && row.factor === undefined;
