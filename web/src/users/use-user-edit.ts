import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import type { Tagged } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { Role } from "@/api/types";
import { optionalEmail } from "@/form/rules";
import {
  type BudgetDraft,
  budgetDraftsOf,
  budgetMistakesOf,
  budgetsOf,
  isSameBudgets,
} from "@/limits/budgets";
import {
  isSameLimits,
  type LimitsDraft,
  limitMistakesOf,
  limitsDraftOf,
  limitsOf,
} from "@/limits/limits";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import { defaultGroup } from "@/user-groups/queries";
import { refreshPeople, type StoredUser, userQuery, users } from "./queries";

/** What of an account can be edited, as the form holds it. */
export interface AccountDraft {
  email: string;
  group: string;
  role: Role;
  limits: LimitsDraft;
  budgets: BudgetDraft[];
}

export interface UserEdit {
  before: AccountDraft;
  draft: AccountDraft;
  set: (change: Partial<AccountDraft>) => void;
  /** What keeps the address from being saved, as a key of `common:rules`. */
  mistake: "email" | undefined;
  save: () => Promise<void>;
  saving: boolean;
  error: unknown;
  discard: () => void;
  /** Drops the changes and shows what is stored now. */
  reload: () => Promise<void>;
}

/** An account being edited. Only what was changed is sent, for the version it was changed from. */
export function useUserEdit(stored: Tagged<StoredUser>): UserEdit {
  const queries = useQueryClient();
  const known = useReauthenticated();
  const [held, setHeld] = useState<Tagged<StoredUser>>();
  const [change, setChange] = useState<Partial<AccountDraft>>({});
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>();
  const { value: user, etag } = held ?? stored;
  const before = draftOf(user);
  const draft = { ...before, ...change };
  const email = draft.email.trim();
  const mistake = optionalEmail().safeParse(email).success ? undefined : "email";
  const hasLimitMistake =
    Object.keys(limitMistakesOf(draft.limits)).length > 0 ||
    budgetMistakesOf(draft.budgets).some(Boolean);
  const discard = () => {
    setHeld(undefined);
    setChange({});
    setError(undefined);
  };
  return {
    before,
    draft,
    mistake,
    saving,
    error,
    discard,
    set: (more) => {
      setHeld((now) => now ?? stored);
      setChange((now) => ({ ...now, ...more }));
    },
    reload: async () => {
      await queries.invalidateQueries(userQuery(user.username));
      discard();
    },
    save: async () => {
      if (saving || mistake || hasLimitMistake) return;
      setSaving(true);
      setError(undefined);
      try {
        const changed = {
          ...(email !== before.email && { email }),
          ...(draft.group !== before.group && { group: draft.group }),
          ...(draft.role !== before.role && { role: draft.role }),
          ...(!isSameLimits(draft.limits, before.limits) && { limits: limitsOf(draft.limits) }),
          ...(!isSameBudgets(draft.budgets, before.budgets) && {
            budgets: budgetsOf(draft.budgets),
          }),
        };
        await known(() => users.change(user.username, changed, etag));
        await refreshPeople(queries);
        discard();
      } catch (caught) {
        if (caught instanceof GivenUp) return;
        setError(caught);
        // Someone else saved first: what they made of it is shown when one asks for it.
        if (asProblem(caught).code !== "changed") {
          void queries.invalidateQueries(userQuery(user.username));
        }
      } finally {
        setSaving(false);
      }
    },
  };
}

const draftOf = ({
  email = "",
  group = defaultGroup,
  role = "user",
  limits,
  budgets,
}: StoredUser): AccountDraft => ({
  email,
  group,
  role,
  limits: limitsDraftOf(limits),
  budgets: budgetDraftsOf(budgets),
});
