import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Invitation } from "./types";

export const invitationQuery = queryOptions({
  queryKey: ["invitation"],
  queryFn: ({ signal }) => api.get<Invitation>("/api/invitation", { signal }),
});

/** A code in place of the one there is, which then works no longer. */
export const renewCode = () => api.post<Pick<Invitation, "code">>("/api/invitation/code");
