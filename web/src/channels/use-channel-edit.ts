import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import type { Tagged } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { ChannelDraft, ChannelView } from "@/api/types";
import { channelQuery, channels, refreshChannels } from "./queries";

export interface ChannelEdit<Values> {
  /** What is stored, as it was when the editing began. */
  before: Values;
  /** With what was changed. */
  values: Values;
  set: (change: Partial<Values>) => void;
  isDirty: boolean;
  discard: () => void;
  /** Sends what was changed, for the version it was changed from. */
  save: () => Promise<void>;
  saving: boolean;
  error: unknown;
  /** What someone else saved in the meantime. */
  theirs: { values: Values; updatedAt: string } | undefined;
  /** Puts the changes on top of theirs. */
  keepMine: () => void;
}

/**
 * A part of a channel being edited. Only what was touched is sent, with the tag of the version it was changed from; a
 * version that came in the meantime is shown, not overwritten.
 */
export function useChannelEdit<Values extends object>(
  stored: Tagged<ChannelView>,
  read: (channel: ChannelView) => Values,
  write: (changed: Partial<Values>, channel: ChannelView) => ChannelDraft,
): ChannelEdit<Values> {
  const queries = useQueryClient();
  const [held, setHeld] = useState<Tagged<ChannelView>>();
  const [change, setChange] = useState<Partial<Values>>({});
  const [theirs, setTheirs] = useState<Tagged<ChannelView>>();
  const [error, setError] = useState<unknown>();
  const [saving, setSaving] = useState(false);
  const base = held ?? stored;
  const before = read(base.value);
  const touched = Object.fromEntries(
    Object.entries(change).filter(([key, value]) => !isSame(before[key as keyof Values], value)),
  ) as Partial<Values>;
  const discard = () => {
    setHeld(undefined);
    setChange({});
    setTheirs(undefined);
    setError(undefined);
  };
  return {
    before,
    values: { ...before, ...change },
    set: (more) => {
      setHeld((now) => now ?? stored);
      setChange((now) => ({ ...now, ...more }));
    },
    isDirty: Object.keys(touched).length > 0,
    discard,
    save: async () => {
      if (saving) return;
      setSaving(true);
      setError(undefined);
      const { name } = base.value;
      try {
        await channels.change(name, write(touched, base.value), base.etag);
        await refreshChannels(queries);
        discard();
      } catch (caught) {
        setError(caught);
        if (asProblem(caught).code === "changed") {
          setTheirs(await queries.fetchQuery({ ...channelQuery(name), staleTime: 0 }).catch(none));
        }
      } finally {
        setSaving(false);
      }
    },
    saving,
    error,
    theirs: theirs && { values: read(theirs.value), updatedAt: theirs.value.updated_at },
    keepMine: () => {
      setHeld(theirs);
      setTheirs(undefined);
      setError(undefined);
    },
  };
}

const none = () => undefined;

/** Whether two values of a channel say the same. */
export const isSame = (left: unknown, right: unknown) =>
  JSON.stringify(left) === JSON.stringify(right);
