import { HttpResponse, http } from "msw";

import type { Bootstrap, Me, PublicKey, PublicPrice, PublicStatus } from "@/api/types";
import { features } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { sums } from "@/test/usage-fixtures";

/** A site that shows everything to anyone. */
export const openSite: Partial<Bootstrap> = {
  features: features({ public_prices: true, public_status: true, public_key: true }),
};

export const price = (changes: Partial<PublicPrice> = {}): PublicPrice => ({
  name: "claude-opus-4-5",
  owner: "Anthropic",
  dialects: ["messages", "chat"],
  input_usd: "6",
  output_usd: "30",
  ...changes,
});

export const status = (changes: Partial<PublicStatus> = {}): PublicStatus => ({
  name: "claude-opus-4-5",
  owner: "Anthropic",
  state: "up",
  ok_share: 0.998,
  p50_first_event_us: 690_000,
  hours: Array(24).fill(1),
  ...changes,
});

export const standing = (changes: Partial<PublicKey> = {}): PublicKey => ({
  name: "laptop",
  hint: "9f3a",
  status: "active",
  limits: { requests_per_minute: 60 },
  rules: { models: ["gpt-5*"] },
  budgets: [
    {
      api_key_name: "laptop",
      per: "5h",
      usd: "10",
      used_usd: "8.5",
      resets_at: "2026-11-24T12:00:00Z",
    },
  ],
  usage_today: sums({ calls: 12, errors: 1, cost_usd: "0.5" }),
  usage_30d: sums({ calls: 410, errors: 7, cost_usd: "23" }),
  models: 3,
  ...changes,
});

/** A route that answers one page of these. */
export const page = (path: string, items: object[]) =>
  http.get(path, () => HttpResponse.json({ items, approx_total: items.length }));

interface Opened {
  me?: Me | null;
  site?: Partial<Bootstrap>;
  handlers?: ReturnType<typeof http.get>[];
}

/** A page that anyone may open, as a stranger sees it. */
export const openPublic = (path: string, opened: Opened = {}) =>
  renderPage(path, { me: null, site: openSite, ...opened });
