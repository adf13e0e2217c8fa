import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { addressOf, send } from "@/api/client";
import { ApiProblem, asProblem } from "@/api/problem";
import { allOf } from "@/batch/queries";
import { channelGroupsQuery } from "@/config/queries";
import type { SourceText } from "@/form/text-source";
import { useAttempt } from "@/form/use-attempt";
import { useMay, useMe } from "@/session/use-me";
import { type ChannelForm, type FileMistake, readFile, tomlOf } from "./channels-file";
import {
  type ImportLine,
  isSame,
  lineOf,
  type PlanChange,
  type Prepared,
  prepare,
  refusedBy,
} from "./import-plan";
import { fetchChannels, refreshChannels } from "./queries";

interface Report {
  readonly lines: readonly ImportLine[];
  readonly changes: readonly PlanChange[];
}

export interface ChannelImport {
  source: SourceText | undefined;
  setSource: (source: SourceText | undefined) => void;
  mistakes: readonly FileMistake[];
  report: Report | undefined;
  ticked: ReadonlySet<string>;
  tick: (name: string, on: boolean) => void;
  /** What was done. */
  done: readonly PlanChange[] | undefined;
  /** What was shown had changed meanwhile, so that nothing was done. */
  isAnew: boolean;
  busy: boolean;
  error: unknown;
  compare: () => Promise<void>;
  write: () => Promise<void>;
  restart: () => void;
}

async function apply(channels: readonly ChannelForm[], isRehearsal: boolean) {
  if (channels.length === 0) return [];
  const request = new Request(addressOf("/api/admin/apply", { dry_run: isRehearsal }), {
    method: "POST",
    headers: { "content-type": "application/toml" },
    body: tomlOf(channels),
  });
  const plan = (await (await send(request)).json()) as { changes: PlanChange[] };
  return plan.changes;
}

/** Rehearses what can be sent. What the server refuses of one channel keeps no other from being compared. */
async function rehearse(prepared: readonly Prepared[]): Promise<Report> {
  let now = prepared;
  for (let round = 0; ; round += 1) {
    const free = now.filter(({ obstacles }) => obstacles.length === 0);
    try {
      const changes = await apply(
        free.map(({ form }) => form),
        true,
      );
      return { changes, lines: now.map((one) => lineOf(one, changes)) };
    } catch (error) {
      const refused =
        error instanceof ApiProblem ? refusedBy(asProblem(error).mistakes) : undefined;
      if (!refused || round > 0) throw error;
      now = now.map((one) => ({
        ...one,
        obstacles: [
          ...one.obstacles,
          ...(refused.get(one.form.name) ?? []).map((what) => ({ code: "refused" as const, what })),
        ],
      }));
    }
  }
}

/** Bringing channels along: choose a text, see what would change, tick, do it as shown. */
export function useChannelImport(): ChannelImport {
  const queries = useQueryClient();
  const { features } = useMe();
  const mayStoreKeys = useMay("secrets.write");
  const [source, setSource] = useState<SourceText>();
  const [mistakes, setMistakes] = useState<readonly FileMistake[]>([]);
  const [report, setReport] = useState<Report>();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [done, setDone] = useState<readonly PlanChange[]>();
  const [isAnew, setIsAnew] = useState(false);
  const { busy, error, forgive, attempt } = useAttempt();

  async function look() {
    if (!source) return undefined;
    const read = readFile(source.text);
    setMistakes(read.mistakes);
    if (read.mistakes.length > 0) return undefined;
    const { signal } = new AbortController();
    const [channels, groups] = await Promise.all([
      allOf({ query: {}, fetchPage: fetchChannels, signal }),
      queries.fetchQuery({ ...channelGroupsQuery, staleTime: 0 }),
    ]);
    const isWhole = features.admin_channel_groups && !("next" in groups && groups.next);
    const names = groups.items.map(({ name }) => name);
    const site = { channels, groups: isWhole ? names : undefined, mayStoreKeys };
    return rehearse(read.channels.map((form) => prepare(form, site)));
  }

  return {
    source,
    setSource: (next) => {
      setSource(next);
      setMistakes([]);
      forgive();
    },
    mistakes,
    report,
    ticked,
    tick: (name, on) =>
      setTicked((now) => new Set(on ? [...now, name] : [...now].filter((one) => one !== name))),
    done,
    isAnew,
    busy,
    error,
    compare: () =>
      attempt(async () => {
        const found = await look();
        if (!found) return;
        setReport(found);
        setTicked(new Set(takenAtFirst(found)));
      }),
    write: () =>
      attempt(async () => {
        if (!report || ticked.size === 0) return;
        setIsAnew(false);
        const now = await look();
        if (!now) return;
        if (!isSame(now.changes, report.changes, ticked)) {
          setReport(now);
          setTicked(new Set(takenAtFirst(now).filter((name) => ticked.has(name))));
          setIsAnew(true);
          return;
        }
        const meant = now.lines.filter(({ form }) => ticked.has(form.name));
        setDone(
          await apply(
            meant.map(({ form }) => form),
            false,
          ),
        );
        await Promise.all([
          refreshChannels(queries),
          queries.invalidateQueries({ queryKey: ["groups"] }),
          queries.invalidateQueries({ queryKey: ["models"] }),
        ]);
      }),
    restart: () => {
      // What was done needs no second look; what was only looked at may be mended.
      if (done) setSource(undefined);
      setDone(undefined);
      setReport(undefined);
      setIsAnew(false);
      forgive();
    },
  };
}

const takenAtFirst = ({ lines }: Report) =>
  lines
    .filter(({ state }) => state === "create" || state === "update")
    .map(({ form }) => form.name);
