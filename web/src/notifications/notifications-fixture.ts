/** Notifications for tests, and a server that knows them. */
import { HttpResponse, http, type RequestHandler } from "msw";
import type {
  Bootstrap,
  Me,
  NewNotificationTarget,
  NotificationRuleChange,
  NotificationRuleView,
  NotificationTargetChange,
  NotificationTargetView,
  NotificationView,
} from "@/api/types";
import { me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import type { Owner } from "./api";

/** A webhook that took the last of what it was sent. */
export const target = (changes: Partial<NotificationTargetView> = {}): NotificationTargetView => ({
  id: "nt_1",
  name: "Pager",
  kind: "webhook",
  hint: "hooks.example.org",
  language: "en",
  enabled: true,
  created_at: "2026-11-20T08:00:00Z",
  last: { state: "sent", at: new Date(Date.now() - 300_000).toISOString() },
  ...changes,
});

/** A chat that is switched off, and took nothing. */
export const chat = (changes: Partial<NotificationTargetView> = {}): NotificationTargetView =>
  target({
    id: "nt_2",
    name: "Ops chat",
    kind: "feishu",
    hint: "open.feishu.cn",
    language: "zh-CN",
    enabled: false,
    last: { state: "failed", at: "2026-11-24T08:00:00Z", error: "sign match fail" },
    ...changes,
  });

/** Rules of the site: one with a threshold, one without. */
export const siteRules = (): NotificationRuleView[] => [
  {
    event: "error_rate_high",
    enabled: true,
    targets: ["nt_1"],
    threshold: { value: 20, unit: "percent", min: 1, max: 100, default: 20 },
  },
  { event: "channel_resting", enabled: false, targets: [] },
];

/** Rules of a user, who has an e-mail address besides. */
export const ownRules = (): NotificationRuleView[] => [
  {
    event: "balance_low",
    enabled: true,
    email: true,
    targets: [],
    threshold: { value: 100, unit: "usd_cents", min: 1, max: 100_000, default: 100 },
  },
  { event: "ticket_answered", enabled: true, email: false, targets: ["nt_1"] },
];

export const sent = (changes: Partial<NotificationView> = {}): NotificationView => ({
  id: "no_1",
  event: "error_rate_high",
  title: "12 of 40 calls failed",
  text: "In the last 10 minutes.\n\nhttps://llm.example.org/admin/requests",
  target: { id: "nt_1", name: "Pager", kind: "webhook" },
  state: "sent",
  attempts: 1,
  created_at: "2026-11-24T08:00:00Z",
  sent_at: "2026-11-24T08:00:01Z",
  ...changes,
});

/** One that was given up. */
export function failed(changes: Partial<NotificationView> = {}): NotificationView {
  const { sent_at: _, ...rest } = sent({
    id: "no_2",
    event: "channel_resting",
    title: "Channel main rests",
    state: "failed",
    attempts: 8,
    error: "status 500",
  });
  return { ...rest, ...changes };
}

interface Options {
  owner?: Owner;
  path?: string;
  who?: Me;
  site?: Partial<Bootstrap>;
  targets?: NotificationTargetView[];
  rules?: NotificationRuleView[];
  history?: NotificationView[];
  first?: RequestHandler[];
}

const pages = { site: "/admin/notifications", me: "/account/notifications" };

/** The page of an owner, and what was sent from it. */
export function openNotifications({
  owner = "site",
  path = "",
  who = owner === "site" ? root() : me(),
  site = {},
  targets = [target()],
  rules = owner === "site" ? siteRules() : ownRules(),
  history = [sent()],
  first = [],
}: Options = {}) {
  const calls: { what: string; body?: unknown }[] = [];
  const now = { targets, rules, history };
  const keep = async (request: Request): Promise<unknown> => {
    const text = await request.text();
    const what = `${request.method} ${new URL(request.url).pathname}`;
    calls.push({ what, ...(text !== "" && { body: JSON.parse(text) }) });
    return text === "" ? undefined : JSON.parse(text);
  };
  const done = () => new HttpResponse(null, { status: 204 });
  const base = `/api/${owner === "site" ? "admin" : "me"}/notifications`;
  const handlers = [
    ...first,
    http.get(base, () => HttpResponse.json({ items: now.history })),
    http.get(`${base}/targets`, () => HttpResponse.json({ items: now.targets })),
    http.get(`${base}/rules`, () => HttpResponse.json({ items: now.rules })),
    http.post(`${base}/targets`, async ({ request }) => {
      const { settings, ...rest } = (await keep(request)) as NewNotificationTarget;
      const { last: _, ...made } = target({ ...rest, id: "nt_9", kind: settings.kind });
      now.targets = [...now.targets, made];
      return HttpResponse.json(made, { status: 201 });
    }),
    http.put(`${base}/targets/:id`, async ({ request, params }) => {
      const { settings: _, ...rest } = (await keep(request)) as NotificationTargetChange;
      now.targets = now.targets.map((one) => (one.id === params.id ? { ...one, ...rest } : one));
      return done();
    }),
    http.delete(`${base}/targets/:id`, async ({ request, params }) => {
      await keep(request);
      now.targets = now.targets.filter(({ id }) => id !== params.id);
      return done();
    }),
    http.post(`${base}/targets/:id/test`, async ({ request }) => {
      await keep(request);
      return HttpResponse.json({ ok: true, detail: "status 200" });
    }),
    http.put(`${base}/rules/:event`, async ({ request, params }) => {
      const { threshold, ...rest } = (await keep(request)) as NotificationRuleChange;
      now.rules = now.rules.map((one) =>
        one.event === params.event
          ? {
              ...one,
              ...rest,
              ...(one.threshold && threshold !== undefined
                ? { threshold: { ...one.threshold, value: threshold } }
                : {}),
            }
          : one,
      );
      return done();
    }),
    http.post(`${base}/:id/retry`, async ({ request, params }) => {
      await keep(request);
      now.history = now.history.map((one) =>
        one.id === params.id ? { ...one, state: "waiting", attempts: 0 } : one,
      );
      return done();
    }),
  ];
  const options = { me: who, site: { self_mode: false, ...site }, handlers };
  return { calls, ...renderPage(`${pages[owner]}${path}`, options) };
}
