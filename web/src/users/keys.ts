/** The API keys of one user, as those who look after users see them. */
import { queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { KeyRules, Limits, TokenView } from "@/api/types";
import { tagOf } from "@/config/tag";
import { exactly, printTerm } from "@/filter/grammar";
import type { Page } from "@/table/list-query";

export interface ApiKey {
  id: string;
  user: string;
  name: string;
  hint: string;
  enabled?: boolean;
  /** Empty or left out: all of the user group's. */
  channel_groups?: string[];
  limits?: Limits;
  rules?: KeyRules;
  /** What its calls cost of what they would; left out: all of it. */
  multiplier?: string;
  created_at: string;
  updated_at: string;
  last_used_at?: string;
  revoked_at?: string;
}

export type KeyStatus = TokenView["status"];

/** How a key stands. When it was first used is its owner's to see, so an end that counts from there is not known here. */
export function statusOf({ revoked_at, enabled, rules }: ApiKey, now = Date.now()): KeyStatus {
  if (revoked_at !== undefined) return "revoked";
  if (enabled === false) return "disabled";
  const ends = rules?.expires_at;
  return ends !== undefined && Date.parse(ends) <= now ? "expired" : "active";
}

/** All of them: nobody has more than a page holds. The server's filter does not tell `Ana` from `ana`. */
export const keysOfQuery = (user: string) =>
  queryOptions({
    queryKey: ["people", "keys", user],
    queryFn: async ({ signal }) => {
      const filter = printTerm({ field: "user", operator: ":", values: [exactly(user)] });
      const { items } = await api.get<Page<ApiKey>>("/api/admin/api-keys", {
        signal,
        query: { filter, sort: "-created_at", limit: 200 },
      });
      return items.filter((key) => key.user === user);
    },
  });

/** What of a key can be chosen; what is left out stays. */
export interface KeyDraft {
  channel_groups?: readonly string[];
  limits?: Limits;
  rules?: KeyRules;
  multiplier?: string;
}

export const apiKeys = {
  /** Makes a key; the answer has it in full, this once. */
  make: (user: string, name: string, draft: KeyDraft) =>
    api.put<ApiKey & { key?: string }>(
      "/api/admin/api-keys",
      { user, name, ...draft },
      { headers: { "if-none-match": "*" } },
    ),
  /** Changes a key that still is what was seen. */
  async change(seen: ApiKey, draft: KeyDraft): Promise<void> {
    const { id, user, name } = seen;
    const ifMatch = await tagOf(path`/api/admin/api-keys/${id}`, seen);
    await api.put(
      "/api/admin/api-keys",
      { user, name, ...draft },
      { ...(ifMatch !== undefined && { ifMatch }) },
    );
  },
  setEnabled: ({ user, name }: ApiKey, enabled: boolean) =>
    api.put("/api/admin/api-keys", { user, name, enabled }),
  revoke: ({ id }: ApiKey) => api.post(path`/api/admin/api-keys/${id}/revoke`),
  remove: ({ id }: ApiKey) => api.delete(path`/api/admin/api-keys/${id}`),
};

/** What a key loses when its user may use these channel groups only. */
export interface Loss {
  readonly key: ApiKey;
  readonly groups: readonly string[];
  /** Nothing is left of it. */
  readonly isAll: boolean;
}

/** The keys that name channel groups which are not among these. Those that name none follow the user's group. */
export function lossesOf(keys: readonly ApiKey[], allowed: readonly string[]): Loss[] {
  return keys
    .filter((key) => statusOf(key) !== "revoked")
    .map((key) => {
      const own = key.channel_groups ?? [];
      const groups = own.filter((name) => !allowed.includes(name));
      return { key, groups, isAll: groups.length === own.length };
    })
    .filter(({ groups }) => groups.length > 0);
}
