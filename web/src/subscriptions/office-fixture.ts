/** Plans and subscriptions for tests, and a server that knows them. */
import { HttpResponse, http, type RequestHandler } from "msw";

import type { PlanView, SubscriptionView, TimeResult } from "@/api/types";
import { features, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";

export const billing = { features: features({ billing: true }) };

export const plan = (changes: Partial<PlanView> = {}): PlanView => ({
  id: "pl_1",
  code: "basic",
  name: "Basic",
  enabled: true,
  user_groups: ["vip"],
  prices: { CNY: "12.00" },
  terms: { days: 30, limit_5h: "6", limit_30d: "100", multiplier: "0.5" },
  given: 12,
  open: 3,
  created_at: "2026-11-20T08:00:00Z",
  updated_at: "2026-11-20T08:00:00Z",
  ...changes,
});

export const subscription = (changes: Partial<SubscriptionView> = {}): SubscriptionView => ({
  id: "su_1",
  plan: "Basic",
  plan_code: "basic",
  state: "running",
  starts_at: "2026-11-20T08:00:00Z",
  ends_at: "2026-12-20T08:00:00Z",
  multiplier: "1",
  windows: [
    { per: "5h", limit_usd: "6", used_usd: "1.5" },
    { per: "30d", limit_usd: "100", used_usd: "90" },
  ],
  user_id: "us_1",
  username: "ana",
  ...changes,
});

/** A page at a path, what was sent from it, and what it asked the list for. */
export function openOffice(
  path: string,
  {
    who = root(billing),
    plans = [plan()],
    items = [subscription()],
    results = [],
    first = [],
  }: {
    who?: ReturnType<typeof root>;
    plans?: PlanView[];
    items?: SubscriptionView[];
    results?: TimeResult[];
    first?: RequestHandler[];
  } = {},
) {
  const sent: { what: string; body: unknown }[] = [];
  const asked: string[] = [];
  const keep = async (request: Request) => {
    const { pathname } = new URL(request.url);
    sent.push({ what: `${request.method} ${pathname}`, body: await request.json() });
  };
  const handlers = [
    ...first,
    http.get("/api/admin/plans", () => HttpResponse.json({ items: plans })),
    http.post("/api/admin/plans", async ({ request }) => {
      await keep(request);
      return HttpResponse.json(plan(), { status: 201 });
    }),
    http.patch("/api/admin/plans/:code", async ({ request }) => {
      await keep(request);
      return HttpResponse.json(plan());
    }),
    http.get("/api/admin/user-groups", () =>
      HttpResponse.json({ items: ["default", "vip"].map((name) => ({ id: name, name })) }),
    ),
    http.get("/api/admin/subscriptions", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items });
    }),
    ...["/api/admin/subscriptions", "/api/admin/subscriptions/change"].map((address) =>
      http.post(address, async ({ request }) => {
        await keep(request);
        return HttpResponse.json({ results });
      }),
    ),
  ];
  return { sent, asked, ...renderPage(path, { me: who, handlers }) };
}
