import { QueryClient } from "@tanstack/react-query";

import { asProblem } from "./problem";

const freshMs = 10_000;
const tries = 2;

/** What is fetched is fresh for a few seconds, kept on screen while newer comes, and asked for again only where that can help. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: freshMs,
        networkMode: "always", // a server in the next room answers without the internet
        retry: (failures, error) => failures < tries && asProblem(error).isPassing,
        retryDelay: (failures) => Math.min(1_000 * 2 ** failures, 8_000),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
