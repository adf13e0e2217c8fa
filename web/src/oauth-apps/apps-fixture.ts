/** OAuth apps for tests, and a server that knows them. */
import { HttpResponse, http, type RequestHandler } from "msw";
import type { Bootstrap, OauthAppDraft, OauthAppView } from "@/api/types";
import { features, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";

/** An app that keeps a secret, and that two users have let in. */
export const app = (changes: Partial<OauthAppView> = {}): OauthAppView => ({
  id: "oa_0000000000001",
  name: "Notebook",
  publisher: "Example Ltd",
  homepage: "https://notebook.example",
  redirect_uris: ["https://notebook.example/callback"],
  scopes: ["profile", "relay"],
  confidential: true,
  secret_hint: "9f3a",
  access_token_s: 86_400,
  enabled: true,
  grants: 2,
  created_at: "2026-11-20T08:00:00Z",
  updated_at: "2026-11-24T08:00:00Z",
  last_used_at: new Date(Date.now() - 300_000).toISOString(),
  ...changes,
});

/** A program of its users', without a secret, that nobody has let in. */
export function program(changes: Partial<OauthAppView> = {}): OauthAppView {
  const {
    secret_hint: _,
    last_used_at: __,
    homepage: ___,
    ...rest
  } = app({
    id: "oa_0000000000002",
    name: "Terminal",
    publisher: "",
    redirect_uris: ["http://127.0.0.1/cb"],
    scopes: ["email"],
    confidential: false,
    enabled: false,
    grants: 0,
  });
  return { ...rest, ...changes };
}

interface Sent {
  what: string;
  body?: unknown;
}

export const boss = root({ features: features({ oauth_apps: true }) });

/** The page at a path, and what was sent from it. */
export function openApps({
  path = "/admin/oauth-apps",
  who = boss,
  items = [app()],
  first = [],
  site = {},
}: {
  path?: string;
  who?: ReturnType<typeof root>;
  items?: OauthAppView[];
  first?: RequestHandler[];
  site?: Partial<Bootstrap>;
} = {}) {
  const sent: Sent[] = [];
  let now = items;
  const keep = async (request: Request): Promise<unknown> => {
    const text = await request.text();
    const what = `${request.method} ${new URL(request.url).pathname}`;
    sent.push({ what, ...(text !== "" && { body: JSON.parse(text) }) });
    return text === "" ? undefined : JSON.parse(text);
  };
  const one = (id: unknown) => now.find((each) => each.id === id) ?? app();
  const base = "/api/admin/oauth-apps";
  const handlers = [
    ...first,
    http.get(base, () => HttpResponse.json({ items: now })),
    http.post(base, async ({ request }) => {
      const draft = (await keep(request)) as OauthAppDraft;
      const made = { ...program(), ...draft, id: "oa_0000000000009", grants: 0 };
      now = [made, ...now];
      const secret = { client_secret: "ocs_in_full" };
      return HttpResponse.json({ app: made, ...(draft.confidential && secret) }, { status: 201 });
    }),
    http.put(`${base}/:id`, async ({ request, params }) => {
      const draft = (await keep(request)) as OauthAppDraft;
      now = now.map((each) => (each.id === params.id ? { ...each, ...draft } : each));
      return HttpResponse.json(one(params.id));
    }),
    http.post(`${base}/:id/rotate-secret`, async ({ request, params }) => {
      await keep(request);
      const changed = app({ ...one(params.id), secret_hint: "77c1" });
      now = now.map((each) => (each.id === params.id ? changed : each));
      return HttpResponse.json({ app: changed, client_secret: "ocs_new_in_full" });
    }),
    http.post(`${base}/:id/revoke-grants`, async ({ request, params }) => {
      await keep(request);
      const { grants } = one(params.id);
      now = now.map((each) => (each.id === params.id ? { ...each, grants: 0 } : each));
      return HttpResponse.json({ revoked: grants });
    }),
    http.delete(`${base}/:id`, async ({ request, params }) => {
      await keep(request);
      now = now.filter(({ id }) => id !== params.id);
      return new HttpResponse(null, { status: 204 });
    }),
  ];
  return { sent, ...renderPage(path, { me: who, site: { self_mode: false, ...site }, handlers }) };
}
