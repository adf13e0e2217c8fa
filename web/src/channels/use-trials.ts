import { useCallback, useEffect, useRef, useState } from "react";

import { path } from "@/api/client";
import type { ChannelView } from "@/api/types";
import { type Breadth, type Trial, trialOf } from "./trial";
import { runAll } from "./use-probe";

/** Channels that are tested at once; each asks its own models side by side. */
const atOnce = 3;

export interface Trials {
  readonly trials: readonly Trial[];
  readonly isRunning: boolean;
  /** Tests each, a few at a time; resolves when the last is over or all were stopped. */
  start: (channels: readonly ChannelView[], breadth: Breadth) => Promise<void>;
  stop: () => void;
}

/** The test of several channels; it ends with the component. */
export function useTrials(): Trials {
  const [trials, setTrials] = useState<readonly Trial[]>([]);
  const [isRunning, setIsRunning] = useState(false);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const start = useCallback(async (channels: readonly ChannelView[], breadth: Breadth) => {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    const all = channels.map((channel) => trialOf(channel, breadth));
    setTrials(all);
    setIsRunning(true);
    let next = 0;
    const work = async () => {
      for (let at = next++; at < all.length && !own.signal.aborted; at = next++) {
        const trial = all[at];
        if (!trial || trial.lacks) continue;
        const { channel, models } = trial;
        const run = {
          path: path`/api/admin/channels/${channel.name}/test`,
          body: { models },
          models,
        };
        await runAll([run], own.signal, (state) => {
          if (running.current === own) setTrials((now) => now.with(at, { ...trial, state }));
        });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    if (running.current === own) setIsRunning(false);
  }, []);

  const stop = useCallback(() => running.current?.abort(), []);
  return { trials, isRunning, start, stop };
}
