import { queryOptions } from "@tanstack/react-query";
import { api } from "@/api/client";

export const invitationQuery = queryOptions({
  queryKey: ["invitation"],
  queryFn: ({ signal }) => api.get("/api/invitation", { signal }),
});

/** A code in place of the one there is, which then works no longer. */
export const renewCode = () => api.post("/api/invitation/code");
