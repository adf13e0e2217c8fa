/** Redemption codes: what is asked about them, and what is done to them. */
import type { QueryClient } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { CodeView, MadeCodes, NewCodes } from "@/api/types";
import type { Page, PageQuery } from "@/table/list-query";

const address = "/api/admin/redemption-codes";

export const codesKey = ["redemption-codes"] as const;

/** A page of codes, the newest first: the list has no words, no filters and no other order. */
export const fetchCodes = ({ cursor }: PageQuery, signal: AbortSignal): Promise<Page<CodeView>> =>
  api.get(address, { signal, query: { cursor } });

export const codes = {
  make: (made: NewCodes) => api.post<MadeCodes>(address, made),
  toggle: (id: string, enabled: boolean) =>
    api.patch(path`/api/admin/redemption-codes/${id}`, { enabled }),
  /** With their letters, as a table. */
  async file(signal: AbortSignal): Promise<Blob> {
    const answer = await api.raw("GET", `${address}/export`, undefined, { signal });
    return answer.blob();
  },
};

export const refreshCodes = (queries: QueryClient) =>
  queries.invalidateQueries({ queryKey: codesKey });
