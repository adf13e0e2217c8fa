import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { asProblem } from "@/api/problem";
import { plain, ppmOf } from "@/channel-groups/multiplier";
import type { UserGroup } from "@/config/objects";
import { refreshUserGroups, type UserGroupChange, userGroups } from "./queries";

/** What of a user group can be edited, as the form holds it. */
interface Draft {
  chosen: readonly string[];
  multiplier: string;
}

export interface UserGroupEdit extends Draft {
  /** As it is stored. */
  before: Draft;
  set: (chosen: readonly string[]) => void;
  setMultiplier: (multiplier: string) => void;
  /** What keeps the multiplier from being saved, as a key of `common:rules`. */
  mistake: string | undefined;
  save: () => Promise<void>;
  saving: boolean;
  error: unknown;
  discard: () => void;
  /** Drops the changes and shows what is stored now. */
  reload: () => Promise<void>;
}

/** A user group being edited. Only what was changed is sent, for the version it was changed from. */
export function useUserGroupEdit(stored: UserGroup): UserGroupEdit {
  const queries = useQueryClient();
  const [held, setHeld] = useState<UserGroup>();
  const [change, setChange] = useState<Partial<Draft>>({});
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>();
  const group = held ?? stored;
  const before = { chosen: group.channel_groups ?? [], multiplier: plain(group.multiplier) };
  const draft = { ...before, ...change };
  const mistake = ppmOf(draft.multiplier) === undefined ? "multiplier" : undefined;
  const put = (more: Partial<Draft>) => {
    setHeld((now) => now ?? stored);
    setChange((now) => ({ ...now, ...more }));
  };
  const discard = () => {
    setHeld(undefined);
    setChange({});
    setError(undefined);
  };
  return {
    ...draft,
    before,
    mistake,
    saving,
    error,
    discard,
    set: (chosen) => put({ chosen }),
    setMultiplier: (multiplier) => put({ multiplier }),
    reload: async () => {
      await refreshUserGroups(queries);
      discard();
    },
    save: async () => {
      if (saving || mistake !== undefined) return;
      setSaving(true);
      setError(undefined);
      try {
        await userGroups.change(group, changeOf(before, draft));
        await refreshUserGroups(queries);
        discard();
      } catch (caught) {
        setError(caught);
        // Someone else saved first: what they made of it is shown when one asks for it.
        if (asProblem(caught).code !== "changed") {
          void queries.invalidateQueries({ queryKey: ["user-groups"] });
        }
      } finally {
        setSaving(false);
      }
    },
  };
}

/** What differs, as the server takes it. */
function changeOf(before: Draft, after: Draft): UserGroupChange {
  return {
    ...(after.chosen.join() !== before.chosen.join() && { channel_groups: after.chosen }),
    ...(plain(after.multiplier) !== before.multiplier && { multiplier: plain(after.multiplier) }),
  };
}
