import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";

import { bootstrap, me } from "./fixtures";

const sse = { "content-type": "text/event-stream" };

/** Nothing is set about keeping prices up with a list. */
const noPriceSync = {
  every_hours: 0,
  mode: "review",
  factor: 5,
  running: false,
  revision: 0,
  waiting: [],
};

/** What every page asks. A test adds its own with `server.use(...)`, which holds until the test ends. */
const handlers = [
  http.get("/api/bootstrap", () => HttpResponse.json(bootstrap())),
  http.get("/api/me", () => HttpResponse.json(me())),
  http.get("/api/me/sessions", () => HttpResponse.json({ items: [] })),
  http.get("/api/admin/price-sync", () => HttpResponse.json(noPriceSync)),
  http.get("/api/stream", () => new HttpResponse(new ReadableStream(), { headers: sse })),
  http.put("/api/me/preferences", () => new HttpResponse(null, { status: 204 })),
];

/** The server of the tests. A call that no handler knows fails the test. */
export const server = setupServer(...handlers);

/** A problem as the server words it. */
export function problem(
  status: number,
  code: string,
  more: object = {},
  headers: Record<string, string> = {},
) {
  const document = { type: "about:blank", title: code, status, code, detail: `detail of ${code}` };
  return HttpResponse.json(
    { ...document, request_id: "req_test", ...more },
    { status, headers: { "content-type": "application/problem+json", ...headers } },
  );
}
