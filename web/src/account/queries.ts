import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";

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
