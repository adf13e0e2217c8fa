import type { AppScope } from "@/api/types";

/** What an app may ask for, in the order in which it is told. */
export const appScopes = ["profile", "email", "relay"] as const satisfies readonly AppScope[];
