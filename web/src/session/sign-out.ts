import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useCallback } from "react";

import { api } from "@/api/client";
import { asProblem } from "@/api/problem";
import { endSession } from "./session";

/** Leads to the sign-in page, and from there to where one wants to be next, and ends the session on the server and here.
    Unsaved changes may hold it; then nothing ends. */
export function useSignOut(): (returnTo?: string) => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  return useCallback(
    async (returnTo) => {
      await router.navigate({
        to: "/login",
        ...(returnTo !== undefined && { search: { return_to: returnTo } }),
      });
      if (router.state.location.pathname !== "/login") return;
      try {
        await api.delete("/api/session");
      } catch (error) {
        if (asProblem(error).status !== 401) throw error;
      }
      endSession(queries);
    },
    [queries, router],
  );
}
