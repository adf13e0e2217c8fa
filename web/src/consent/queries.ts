/** What is asked for an app that sent somebody here, and what they say to it. */
import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Authorization } from "@/api/types";

const address = "/api/oauth/authorize";

export type Decision = "approve" | "deny";

/** `query` is that of the page, to the letter, without its `?`. Asked once: what comes of it is not looked at again. */
export const authorizationQuery = (query: string) =>
  queryOptions({
    queryKey: ["oauth", "authorize", query],
    queryFn: ({ signal }) => api.get<Authorization>(`${address}?${query}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** Says it, and gets where to go with it. */
export const answerAuthorization = (query: string, decision: Decision, remember: boolean) =>
  api.post<{ redirect_to: string }>(address, { query, decision, remember });
