/** What an app asks for in tests, and a server that asks and is answered. */
import { HttpResponse, http, type RequestHandler } from "msw";
import type { Authorization, Consent, Me } from "@/api/types";
import { features, me } from "@/test/fixtures";
import { renderPage } from "@/test/render";

export const consent = (changes: Partial<Consent> = {}): Consent => ({
  app: {
    id: "oa_0000000000001",
    name: "Notebook",
    publisher: "Example Ltd",
    homepage: "https://notebook.example",
  },
  redirect_host: "notebook.example",
  scopes: ["profile", "relay"],
  can_remember: true,
  remembered: false,
  ...changes,
});

/** As an app writes it: a `state` that looks like a number, blanks as `+`, a parameter nobody knows twice. */
export const query =
  "response_type=code&client_id=oa_0000000000001&redirect_uri=https%3A%2F%2Fnotebook.example%2Fcb" +
  "&scope=profile+relay&state=1e5&code_challenge=abc&code_challenge_method=S256&x=1&x=2";

export const asker = me({ features: features({ oauth_apps: true }) });

/** Where the browser is sent with an answer. */
export const answerAt = "https://notebook.example/cb?code=oac_1&state=1e5";

/** The page where an app is let in: what it asked of the server, and what it said. */
export function openConsent({
  answer = { consent: consent() },
  who = asker,
  first = [],
}: {
  answer?: Authorization;
  who?: Me | null;
  first?: RequestHandler[];
} = {}) {
  const asked: string[] = [];
  const said: unknown[] = [];
  const handlers = [
    ...first,
    http.get("/api/oauth/authorize", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json(answer);
    }),
    http.post("/api/oauth/authorize", async ({ request }) => {
      said.push(await request.json());
      return HttpResponse.json({ redirect_to: answerAt });
    }),
  ];
  return { asked, said, ...renderPage(`/oauth/authorize?${query}`, { me: who, handlers }) };
}
