import type { Page } from "@playwright/test";

import type { Bootstrap, Me, SessionView } from "../src/api/types";
import { dashboard } from "../src/dashboard/dashboard-fixture";
import { bootstrap, root } from "../src/test/fixtures";

interface Answers {
  site?: Partial<Bootstrap>;
  /** `null`: nobody is signed in. */
  me?: Me | null;
  /** What a page asks besides: `GET /api/dashboard` and its answer. */
  json?: Record<string, unknown>;
}

const sessions: SessionView[] = [
  {
    id: "se_1",
    current: true,
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
    user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1",
  },
];

/** A server that answers what the frame of the console asks, and refuses the rest by name. */
export async function mockServer(page: Page, answers: Answers = {}) {
  const { me = root() } = answers;
  const json: Record<string, unknown> = {
    "GET /api/bootstrap": bootstrap(answers.site),
    // A link that has the focus, or lies under the pointer, fetches ahead what it leads to.
    "GET /api/dashboard": dashboard(),
    "GET /api/me/sessions": { items: sessions },
    "GET /api/me/passkeys": {
      items: [{ id: "pk_1", name: "Linux", created_at: "2026-11-20T08:00:00Z" }],
    },
    "GET /api/me/identities": {
      items: [
        {
          id: "id_1",
          provider: "company",
          subject: "ana",
          email: "ana@example.org",
          created_at: "2026-11-20T08:00:00Z",
        },
      ],
    },
    "GET /api/search": {
      items: [
        {
          kind: "channel",
          id: "ch_1",
          label: "pro-1",
          hint: "openai",
          to: "/admin/channels/pro-1",
        },
      ],
    },
    "PUT /api/me/preferences": {},
    ...answers.json,
  };
  await page.route("**/api/**", (route) => {
    const request = route.request();
    const key = `${request.method()} ${new URL(request.url()).pathname}`;
    if (key === "GET /api/me") {
      return me === null
        ? route.fulfill({ status: 401, json: { code: "unauthenticated" } })
        : route.fulfill({ json: me });
    }
    if (key === "GET /api/stream") {
      const contentType = "text/event-stream";
      return route.fulfill({ headers: { "content-type": contentType }, body: ": hello\n\n" });
    }
    if (key in json) return route.fulfill({ json: json[key] });
    return route.fulfill({ status: 404, json: { code: "not_found", detail: key } });
  });
}
