import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { IdentityView, Items, PasskeyView, SessionView } from "@/api/types";

export const sessionsQuery = queryOptions({
  queryKey: ["me", "sessions"],
  queryFn: ({ signal }) => api.get<Items<SessionView>>("/api/me/sessions", { signal }),
});

export const passkeysQuery = queryOptions({
  queryKey: ["me", "passkeys"],
  queryFn: ({ signal }) => api.get<Items<PasskeyView>>("/api/me/passkeys", { signal }),
});

export const identitiesQuery = queryOptions({
  queryKey: ["me", "identities"],
  queryFn: ({ signal }) => api.get<Items<IdentityView>>("/api/me/identities", { signal }),
});
