import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { asProblem } from "@/api/problem";
import type { UserGroup } from "@/config/objects";
import { refreshUserGroups, userGroups } from "./queries";

export interface UserGroupEdit {
  /** The channel groups as they are stored, and as they are chosen. */
  before: readonly string[];
  chosen: readonly string[];
  set: (chosen: readonly string[]) => void;
  save: () => Promise<void>;
  saving: boolean;
  error: unknown;
  discard: () => void;
  /** Drops the changes and shows what is stored now. */
  reload: () => Promise<void>;
}

/** The channel groups of a user group being chosen; they are saved for the version they were changed from. */
export function useUserGroupEdit(stored: UserGroup): UserGroupEdit {
  const queries = useQueryClient();
  const [held, setHeld] = useState<UserGroup>();
  const [change, setChange] = useState<readonly string[]>();
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>();
  const group = held ?? stored;
  const before = group.channel_groups ?? [];
  const chosen = change ?? before;
  const discard = () => {
    setHeld(undefined);
    setChange(undefined);
    setError(undefined);
  };
  return {
    before,
    chosen,
    saving,
    error,
    discard,
    set: (next) => {
      setHeld((now) => now ?? stored);
      setChange(next);
    },
    reload: async () => {
      await refreshUserGroups(queries);
      discard();
    },
    save: async () => {
      if (saving) return;
      setSaving(true);
      setError(undefined);
      try {
        await userGroups.change(group, chosen);
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
