/** Announcements for tests, and a server that knows them and what was read of them. */
import { HttpResponse, http, type RequestHandler } from "msw";
import type { AnnouncementView, Me, MyAnnouncements } from "@/api/types";
import { features, me } from "@/test/fixtures";
import { renderPage } from "@/test/render";

export const announcement = (changes: Partial<AnnouncementView> = {}): AnnouncementView => ({
  id: "an_1",
  severity: "info",
  pinned: false,
  must_acknowledge: false,
  published_at: "2026-11-24T08:00:00Z",
  read: false,
  texts: {
    en: { title: "Maintenance", body: "On **Sunday**." },
    zh: { title: "维护", body: "**周日**进行。" },
  },
  ...changes,
});

const isUrgent = ({ severity, must_acknowledge }: AnnouncementView) =>
  severity === "critical" || must_acknowledge;

/** What `me` says of them. */
function newsOf(items: readonly AnnouncementView[]): MyAnnouncements {
  const unread = items.filter(({ read }) => !read);
  const urgent = unread.find(isUrgent);
  return { unread: unread.length, ...(urgent && { urgent }) };
}

interface Options {
  items?: AnnouncementView[];
  /** Whether the site has announcements. */
  isOn?: boolean;
  first?: RequestHandler[];
}

/** A page of somebody for whom there are these announcements, and what it asked and told the server. */
export function openReader(
  path: string,
  { items = [announcement()], isOn = true, first = [] }: Options = {},
) {
  const asked: string[] = [];
  let now = items;
  const who = (): Me => ({
    ...me({ features: features({ announcements: isOn }) }),
    ...(isOn && { announcements: newsOf(now) }),
  });
  const keep = ({ method, url }: Request) => asked.push(`${method} ${new URL(url).pathname}`);
  const handlers = [
    ...first,
    http.get("/api/me", () => HttpResponse.json(who())),
    http.get("/api/announcements", ({ request }) => {
      keep(request);
      return HttpResponse.json({ items: now });
    }),
    http.post("/api/announcements/read", ({ request }) => {
      keep(request);
      now = now.map((one) => ({ ...one, read: true }));
      return new HttpResponse(null, { status: 204 });
    }),
    http.post("/api/announcements/:id/read", ({ request, params }) => {
      keep(request);
      now = now.map((one) => (one.id === params.id ? { ...one, read: true } : one));
      return new HttpResponse(null, { status: 204 });
    }),
  ];
  /** Somebody publishes or withdraws some of them. */
  const become = (next: AnnouncementView[]) => {
    now = next;
  };
  const told = () => asked.filter((one) => one.startsWith("POST"));
  return { asked, told, become, ...renderPage(path, { handlers }) };
}
