import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";

import { api } from "@/api/client";
import { asProblem } from "@/api/problem";
import { endSession } from "./session";

/** Ends the session here and on the server, and leads to the sign-in page. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useCallback(async () => {
    try {
      await api.delete("/api/session");
    } catch (error) {
      if (asProblem(error).status !== 401) throw error;
    }
    await navigate({ to: "/login" });
    endSession(queries);
  }, [queries, navigate]);
}
