import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Items, OauthGrantView } from "@/api/types";

export const sessionsQuery = queryOptions({
  queryKey: ["me", "sessions"],
  queryFn: ({ signal }) => api.get("/api/me/sessions", { signal }),
});

export const passkeysQuery = queryOptions({
  queryKey: ["me", "passkeys"],
  queryFn: ({ signal }) => api.get("/api/me/passkeys", { signal }),
});

export const identitiesQuery = queryOptions({
  queryKey: ["me", "identities"],
  queryFn: ({ signal }) => api.get("/api/me/identities", { signal }),
});

/** The apps that one has let in. */
export const grantsQuery = queryOptions({
  queryKey: ["me", "oauth-grants"],
  queryFn: ({ signal }) => api.get<Items<OauthGrantView>>("/api/oauth/grants", { signal }),
});
