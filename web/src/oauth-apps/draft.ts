/** An OAuth app as a form holds it and as the server takes it. */

import { ApiProblem } from "@/api/problem";
import type { AppScope, OauthAppDraft, OauthAppView } from "@/api/types";
import { appScopes } from "@/consent/scopes";
import { type SpanUnit, spanOf, unitSeconds } from "@/format/span";

/** Letters of a name. */
export const longestName = 64;

/** Seconds that access tokens are good, unless something else is said. */
const usualLife = 86_400;

/** Where an app runs: on a server that keeps its secret, or with its users, where nothing stays secret. */
export const places = ["server", "device"] as const;

export interface FormDraft {
  name: string;
  publisher: string;
  /** Empty: none. */
  homepage: string;
  /** Objects, because a list of fields holds no bare texts. */
  redirect_uris: { uri: string }[];
  scopes: AppScope[];
  place: (typeof places)[number];
  /** How long access tokens are good, as typed. */
  life: { count: string; unit: SpanUnit };
  enabled: boolean;
}

/** What the form begins with. */
export function formDraftOf(app: OauthAppView | undefined): FormDraft {
  const { count, unit } = spanOf(app?.access_token_s ?? usualLife);
  return {
    name: app?.name ?? "",
    publisher: app?.publisher ?? "",
    homepage: app?.homepage ?? "",
    redirect_uris: (app?.redirect_uris ?? [""]).map((uri) => ({ uri })),
    scopes: app?.scopes ?? ["profile"],
    place: app?.confidential === false ? "device" : "server",
    life: { count: String(count), unit },
    enabled: app?.enabled ?? true,
  };
}

/** How long access tokens are good, in seconds. */
export const secondsOf = ({ count, unit }: FormDraft["life"]) => Number(count) * unitSeconds[unit];

/** What the server is sent. */
export function draftOf(values: FormDraft): OauthAppDraft {
  const { name, publisher, homepage, enabled } = values;
  return {
    name,
    publisher,
    ...(homepage !== "" && { homepage }),
    redirect_uris: values.redirect_uris.map(({ uri }) => uri),
    scopes: appScopes.filter((scope) => values.scopes.includes(scope)),
    confidential: values.place === "server",
    access_token_s: secondsOf(values.life),
    enabled,
  };
}

/** The problem with its mistakes at the fields of the form. */
export function atFields(problem: ApiProblem): ApiProblem {
  const fields = problem.fields.map((mistake) => ({
    ...mistake,
    pointer: mistake.pointer
      .replace(/^\/redirect_uris\/\d+$/, "$&/uri")
      .replace(/^\/scopes\/.*/, "/scopes")
      .replace(/^\/access_token_s$/, "/life/count"),
  }));
  return new ApiProblem({ ...problem, fields });
}
