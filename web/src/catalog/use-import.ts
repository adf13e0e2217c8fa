import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";

import type { SourceText } from "@/form/text-source";
import { useAttempt } from "@/form/use-attempt";
import { canTake, type ImportReport, type ImportRow } from "./import-row";
import { models, refreshModels } from "./queries";

export interface Import {
  source: SourceText | undefined;
  setSource: (source: SourceText | undefined) => void;
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
  const [source, setSource] = useState<SourceText>();
  const [report, setReport] = useState<ImportReport>();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [written, setWritten] = useState<readonly ImportRow[]>();
  const { busy, error, forgive, attempt } = useAttempt();
  const asked = useRef<AbortController>(undefined);

  return {
    source,
    setSource: (next) => {
      asked.current?.abort();
      forgive();
      setSource(next);
    },
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
        if (source === undefined) return;
        asked.current = new AbortController();
        const { signal } = asked.current;
        const found = await models.compare(source.text, signal).catch((caught: unknown) => {
          if (signal.aborted) return undefined;
          throw caught;
        });
        if (found === undefined) return;
        setReport(found);
        setTicked(new Set(found.rows.filter(isTakenAtFirst).map(({ model }) => model)));
      }),
    write: () =>
      attempt(async () => {
        if (source === undefined || ticked.size === 0) return;
        const done = await models.write(source.text, [...ticked]);
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

/** A price that is there is never replaced unasked, and what looks like a mistake is never taken unasked. */
const isTakenAtFirst = (row: ImportRow) => canTake(row) && row.written && row.factor === undefined;
