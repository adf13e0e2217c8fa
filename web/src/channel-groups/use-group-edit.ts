import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { type Channel, type ChannelGroup, isEnabled } from "@/config/objects";
import { plain, ppmOf } from "./multiplier";
import { type GroupChange, groups, refreshGroups } from "./queries";

/** What of a group can be edited, as the form holds it. */
export interface GroupDraft {
  multiplier: string;
  /** `""`: none. */
  parent: string;
  priority: string;
  enabled: boolean;
  /** The name of a channel; `""`: none. */
  pinned: string;
  /** Names of channels. */
  members: readonly string[];
}

/** What keeps a field from being saved, as a key of `common:rules`. */
export type GroupMistakes = Partial<Record<"multiplier" | "priority", string>>;

export interface GroupEdit {
  before: GroupDraft;
  draft: GroupDraft;
  set: (change: Partial<GroupDraft>) => void;
  mistakes: GroupMistakes;
  save: () => Promise<void>;
  saving: boolean;
  error: unknown;
  discard: () => void;
  /** Drops the changes and shows what is stored now. */
  reload: () => Promise<void>;
}

/** A group being edited. Only what was changed is sent, for the version it was changed from; members one by one after it. */
export function useGroupEdit(stored: ChannelGroup, members: readonly Channel[]): GroupEdit {
  const queries = useQueryClient();
  const [held, setHeld] = useState<ChannelGroup>();
  const [change, setChange] = useState<Partial<GroupDraft>>({});
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>();
  const group = held ?? stored;
  const before = draftOf(group, members);
  const draft = { ...before, ...change };
  const mistakes = mistakesOf(draft);
  const discard = () => {
    setHeld(undefined);
    setChange({});
    setError(undefined);
  };
  return {
    before,
    draft,
    mistakes,
    saving,
    error,
    discard,
    set: (more) => {
      setHeld((now) => now ?? stored);
      setChange((now) => ({ ...now, ...more }));
    },
    reload: async () => {
      await refreshGroups(queries);
      discard();
    },
    save: async () => {
      if (saving || Object.keys(mistakes).length > 0) return;
      setSaving(true);
      setError(undefined);
      try {
        const changed = changeOf(before, draft);
        if (Object.keys(changed).length > 0) {
          await groups.change(group, changed);
          setHeld(undefined);
        }
        const [added, removed] = moved(before.members, draft.members);
        for (const name of added) await groups.setMember(group.name, name, true);
        for (const name of removed) await groups.setMember(group.name, name, false);
        await refreshGroups(queries);
        discard();
      } catch (caught) {
        setError(caught);
        // What was saved before it failed is no change any more.
        void queries.invalidateQueries({ queryKey: ["channels"] });
        if (!isOurs(caught)) void queries.invalidateQueries({ queryKey: ["groups"] });
      } finally {
        setSaving(false);
      }
    },
  };
}

function draftOf(group: ChannelGroup, members: readonly Channel[]): GroupDraft {
  return {
    multiplier: plain(group.multiplier),
    parent: group.parent ?? "",
    priority: String(group.priority ?? 0),
    enabled: isEnabled(group),
    pinned: group.pinned ?? "",
    members: members.map(({ name }) => name),
  };
}

function changeOf(before: GroupDraft, draft: GroupDraft) {
  const { multiplier, parent, priority, enabled, pinned } = draft;
  return {
    ...(multiplier.trim() !== before.multiplier && { multiplier: multiplier.trim() }),
    ...(parent !== before.parent && { parent }),
    ...(priority.trim() !== before.priority && { priority: Number(priority) }),
    ...(enabled !== before.enabled && { enabled }),
    ...(pinned !== before.pinned && { pinned }),
  } satisfies GroupChange;
}

/** Who came and who went. */
export function moved(
  before: readonly string[],
  after: readonly string[],
): [added: string[], removed: string[]] {
  return [
    after.filter((name) => !before.includes(name)),
    before.filter((name) => !after.includes(name)),
  ];
}

function mistakesOf({ multiplier, priority }: GroupDraft): GroupMistakes {
  return {
    ...(ppmOf(multiplier) === undefined && { multiplier: "multiplier" }),
    ...(!/^-?\d{1,9}$/.test(priority.trim()) && { priority: "number" }),
  };
}

/** Someone else saved first: what they made of it is shown when one asks for it. */
const isOurs = (error: unknown) =>
  typeof error === "object" && error !== null && "code" in error && error.code === "changed";
