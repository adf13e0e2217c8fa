/** Announcements for tests, as those who write them see them, and a server that knows them. */
import { HttpResponse, http, type RequestHandler } from "msw";

import type { AdminAnnouncementView, AnnouncementDraft } from "@/api/types";
import { root } from "@/test/fixtures";
import { renderPage } from "@/test/render";

export const announcement = (
  changes: Partial<AdminAnnouncementView> = {},
): AdminAnnouncementView => ({
  id: "an_1",
  state: "live",
  severity: "info",
  pinned: false,
  must_acknowledge: false,
  user_groups: [],
  texts: {
    en: { title: "Maintenance", body: "On **Sunday**." },
    zh: { title: "维护", body: "**周日**进行。" },
  },
  publish_at: "2026-11-24T08:00:00Z",
  reads: 12,
  created_by: "root",
  created_at: "2026-11-23T08:00:00Z",
  updated_at: "2026-11-24T08:00:00Z",
  ...changes,
});

/** Not published. */
export function draft(changes: Partial<AdminAnnouncementView> = {}): AdminAnnouncementView {
  const { publish_at: _, ...rest } = announcement({ id: "an_2", state: "draft", reads: 0 });
  return { ...rest, ...changes };
}

interface Sent {
  what: string;
  body?: AnnouncementDraft;
}

/** The server puts its own time where it is told `now`. */
function timed(body: AnnouncementDraft): AnnouncementDraft {
  const time = "2026-11-24T09:00:00Z";
  return {
    ...body,
    ...(body.publish_at === "now" && { publish_at: time }),
    ...(body.expires_at === "now" && { expires_at: time }),
  };
}

/** The office at a path, and what was sent from it. */
export function openOffice({
  path = "/admin/announcements",
  who = root(),
  items = [announcement()],
  first = [],
}: {
  path?: string;
  who?: ReturnType<typeof root>;
  items?: AdminAnnouncementView[];
  first?: RequestHandler[];
} = {}) {
  const sent: Sent[] = [];
  let now = items;
  const keep = async (request: Request): Promise<AnnouncementDraft> => {
    const body = (await request.json()) as AnnouncementDraft;
    sent.push({ what: `${request.method} ${new URL(request.url).pathname}`, body });
    return timed(body);
  };
  const base = "/api/admin/announcements";
  const handlers = [
    ...first,
    http.get(base, () => HttpResponse.json({ items: now })),
    http.post(base, async ({ request }) => {
      const made = draft({ ...(await keep(request)), id: "an_9" });
      now = [made, ...now];
      return HttpResponse.json(made, { status: 201 });
    }),
    http.put(`${base}/:id`, async ({ request, params }) => {
      const body = await keep(request);
      now = now.map((one) => (one.id === params.id ? { ...one, ...body } : one));
      return HttpResponse.json(now.find(({ id }) => id === params.id));
    }),
    http.delete(`${base}/:id`, ({ request, params }) => {
      sent.push({ what: `DELETE ${new URL(request.url).pathname}` });
      now = now.filter(({ id }) => id !== params.id);
      return new HttpResponse(null, { status: 204 });
    }),
    http.get("/api/admin/user-groups", () =>
      HttpResponse.json({ items: ["default", "vip"].map((name) => ({ id: name, name })) }),
    ),
  ];
  return { sent, ...renderPage(path, { me: who, handlers }) };
}
