/** Accounts in every state, for tests and for the eye. */
import type { AccountView, QuotaWindow } from "@/api/types";

const hours = (now: number) => (count: number) => new Date(now + count * 3_600_000).toISOString();

export function quotaWindow(changes: Partial<QuotaWindow> = {}, now = Date.now()): QuotaWindow {
  const at = hours(now);
  return {
    name: "primary",
    window_seconds: 18_000,
    used_ppm: 425_000,
    resets_at: at(2),
    seen_at: at(-0.1),
    ...changes,
  };
}

export function account(changes: Partial<AccountView> = {}, now = Date.now()): AccountView {
  const at = hours(now);
  const week = { window_seconds: 604_800, used_ppm: 930_000, resets_at: at(50) };
  return {
    id: "cr_a",
    credential: "ana@example.org",
    channel: "codex-1",
    channel_id: "ch_c",
    enabled: true,
    account_id: "acc-1",
    email: "ana@example.org",
    plan: "plus",
    state: "active",
    since: at(-30),
    expires_at: at(20),
    next_refresh_at: at(19.9),
    last_refreshed_at: at(-4),
    quota: {
      seen_at: at(-0.1),
      polled_at: at(-0.1),
      windows: [quotaWindow({}, now), quotaWindow({ name: "secondary", ...week }, now)],
      credits: { has_credits: true, unlimited: false, balance: "9.50" },
    },
    ...changes,
  };
}

/** One that nobody but a person brings back. */
export function lost(changes: Partial<AccountView> = {}, now = Date.now()): AccountView {
  const { next_refresh_at: _, quota: __, ...known } = account({}, now);
  return {
    ...known,
    id: "cr_b",
    credential: "k2",
    email: "ben@example.org",
    account_id: "acc-2",
    state: "needs_login",
    cause: "refused",
    last_error: "the vendor refused: invalid_grant",
    ...changes,
  };
}

/** One in each state, of two channels. */
export const accountsAt = (now = Date.now()): AccountView[] => [
  account({}, now),
  account(
    {
      id: "cr_c",
      credential: "k3",
      channel: "codex-2",
      email: "a-very-long-name-of-somebody-with-many-names@subsidiary.of.a.company.example.org",
      enabled: false,
    },
    now,
  ),
  account(
    {
      id: "cr_d",
      credential: "k4",
      email: "dora@example.org",
      unanswered_since: hours(now)(-0.1),
      last_error: "the vendor answered 503",
    },
    now,
  ),
  lost({}, now),
];
