import type { AuditEntry, SessionView, UserRow } from "@/api/types";
import { group, userGroupList } from "@/channel-groups/groups-fixture";
import { sums } from "@/test/usage-fixtures";
import type { ApiKey } from "./keys";

export const user = (username: string, changes: Partial<UserRow> = {}): UserRow => ({
  id: `us_${username}`,
  username,
  email: `${username}@example.org`,
  role: "user",
  user_group: "default",
  enabled: true,
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-20T08:00:00Z",
  last_seen_at: "2026-11-24T10:02:00Z",
  keys: 3,
  totp: false,
  today: sums({ calls: 3, cost_usd: "0.25" }),
  last_30d: sums({ calls: 41, cost_usd: "12.5", input_tokens: 800_000, output_tokens: 120_000 }),
  ...changes,
});

/** A user whose texts are as bad as texts can be. */
export const hostile = user(
  "a-name-as-long-as-names-may-be.that.goes.on.and.on_until_64_signs.ok",
  {
    email: "مرحبا.👩‍🚀<script>alert(1)</script>@example.org",
    user_group: "team",
    totp: true,
  },
);

/** An account as it is stored, for the form. */
export const stored = ({ username, email, role, user_group, enabled }: UserRow) => ({
  username,
  email,
  role,
  group: user_group,
  enabled,
});

export const apiKey = (name: string, changes: Partial<ApiKey> = {}): ApiKey => ({
  id: `ak_${name}`,
  user: "ben",
  name,
  hint: "9f3a",
  enabled: true,
  channel_groups: [],
  created_at: "2026-11-02T08:00:00Z",
  updated_at: "2026-11-02T08:00:00Z",
  last_used_at: "2026-11-24T09:00:00Z",
  ...changes,
});

export const keyList: ApiKey[] = [
  apiKey("laptop"),
  apiKey("ci", { channel_groups: ["pro", "default"] }),
  apiKey("only-default", { channel_groups: ["default"] }),
  apiKey("gone", { revoked_at: "2026-11-20T08:00:00Z", channel_groups: ["default"] }),
  apiKey('<img src=x onerror="alert(1)"> עברית 👩‍🚀', { enabled: false }),
];

export const sessionList: SessionView[] = [
  {
    id: "se_1",
    current: false,
    created_at: "2026-11-20T08:00:00Z",
    last_seen_at: "2026-11-24T10:29:00Z",
    expires_at: "2026-12-24T08:00:00Z",
    address: "203.0.113.7",
    user_agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36",
  },
  {
    id: "se_2",
    current: false,
    created_at: "2026-11-10T08:00:00Z",
    last_seen_at: "2026-11-22T18:02:00Z",
    expires_at: "2026-12-10T08:00:00Z",
    address: "2001:db8:0:a1::7f",
    user_agent: '<b>"an agent that says what it likes"</b>',
  },
];

export const auditList: AuditEntry[] = [
  {
    id: "au_1",
    at: "2026-11-24T10:00:00Z",
    actor_kind: "user",
    actor: "root",
    address: "203.0.113.9",
    action: "user.update",
    object_kind: "user",
    object: "ben",
    changes: [{ path: "group", before: "default", after: "team" }],
  },
];

/** User groups of which the second allows no `default`. */
export const groupsOfUsers = [...userGroupList, { ...group("vip"), channel_groups: ["pro"] }];
