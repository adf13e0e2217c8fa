/** The parts of the catalogue: each is a file per language, loaded with the pages that need it. */
export const areas = [
  "common",
  "shell",
  "errors",
  "auth",
  "setup",
  "dashboard",
  "tokens",
  "limits",
  "connect",
  "models",
  "usage",
  "trace",
  "playground",
  "account",
  "admin",
  "channels",
  "accounts",
  "options",
  "error_rules",
  "lanes",
  "trials",
  "channel_tests",
  "transfer",
  "groups",
  "catalog",
  "users",
  "user_groups",
  "routing",
  "audit",
  "settings",
  "api_docs",
  "ui",
  "table",
  "batch",
  "filter",
  "chart",
] as const;

export type Area = (typeof areas)[number];

/** What every page needs, loaded before the first paint. */
export const firstAreas: readonly Area[] = ["common", "errors"];
