import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useCallback } from "react";

import { api } from "@/api/client";
import { asProblem } from "@/api/problem";
import { endSession } from "./session";

/** Leads to the sign-in page and ends the session on the server and here. Unsaved changes may hold it; then nothing ends. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  return useCallback(async () => {
    await router.navigate({ to: "/login" });
    if (router.state.location.pathname !== "/login") return;
    try {
      await api.delete("/api/session");
    } catch (error) {
      if (asProblem(error).status !== 401) throw error;
    }
    endSession(queries);
  }, [queries, router]);
}
