import { useQuery } from "@tanstack/react-query";

import type { UsageSummary } from "@/api/types";
import { type Asked, summaryQuery } from "./queries";

/** The sums of the calls that are meant; those from before while new ones are on their way. */
export function useSummary(asked: Asked): UsageSummary | undefined {
  return useQuery(summaryQuery(asked)).data;
}
