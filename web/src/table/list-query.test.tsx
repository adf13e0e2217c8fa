import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, it, vi } from "vitest";

import type { ListSearch } from "@/filter/list-search";
import { type ListState, useLocalListState } from "@/filter/list-state";
import { type Page, type PageQuery, useListQuery } from "./list-query";

type Fetch = (query: PageQuery) => Promise<Page<string>>;

function list(fetchPage: Fetch, first: ListSearch = {}) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  let state: ListState | undefined;
  const { result } = renderHook(
    () => {
      state = useLocalListState({ sort: "-at" }, first);
      return useListQuery({ key: ["words"], state, fetchPage });
    },
    { wrapper },
  );
  return { result, change: (how: (state: ListState) => void) => act(() => state && how(state)) };
}

const pages: Record<string, Page<string>> = {
  start: { items: ["a", "b"], next: "c1", approx_total: 12_400, facets: [] },
  c1: { items: ["c"], next: "c2" },
};
const answer = vi.fn<Fetch>((query) =>
  Promise.resolve(pages[query.cursor ?? "start"] ?? { items: [] }),
);

it("asks with words, filter and sort, and appends page after page", async () => {
  answer.mockClear();
  const { result } = list(answer, { q: "hello", f: "status:429" });
  expect(result.current.rows.status).toBe("pending");
  await waitFor(() => expect(result.current.rows.items).toEqual(["a", "b"]));
  expect(answer.mock.lastCall?.[0]).toEqual({ q: "hello", filter: "status:429", sort: "-at" });
  expect(result.current.rows).toMatchObject({ hasMore: true, approxTotal: 12_400 });
  act(() => result.current.rows.loadMore());
  await waitFor(() => expect(result.current.rows.items).toEqual(["a", "b", "c"]));
  expect(answer.mock.lastCall?.[0]).toMatchObject({ cursor: "c1" });
  expect(result.current.rows.approxTotal).toBe(12_400);
});

it("keeps the rows while others are asked for", async () => {
  let release: (page: Page<string>) => void = () => undefined;
  const fetchPage: Fetch = ({ q }) =>
    q === undefined ? answer({}) : new Promise((resolve) => (release = resolve));
  const { result, change } = list(fetchPage);
  await waitFor(() => expect(result.current.rows.items).toEqual(["a", "b"]));
  change((state) => state.setQ("x"));
  await waitFor(() => expect(result.current.rows.isRefreshing).toBe(true));
  expect(result.current.rows.items).toEqual(["a", "b"]);
  await act(async () => release({ items: ["x"] }));
  await waitFor(() => expect(result.current.rows.items).toEqual(["x"]));
  expect(result.current.rows).toMatchObject({ isRefreshing: false, hasMore: false });
});

it("keeps what it has when the next page fails, and tries that page again", async () => {
  let isBroken = true;
  const fetchPage: Fetch = (query) =>
    query.cursor && isBroken ? Promise.reject(new Error("no")) : answer(query);
  const { result } = list(fetchPage);
  await waitFor(() => expect(result.current.rows.items).toEqual(["a", "b"]));
  act(() => result.current.rows.loadMore());
  await waitFor(() => expect(result.current.rows.status).toBe("error"));
  expect(result.current.rows.items).toEqual(["a", "b"]);
  isBroken = false;
  act(() => result.current.rows.retry());
  await waitFor(() => expect(result.current.rows.items).toEqual(["a", "b", "c"]));
  expect(result.current.rows.status).toBe("success");
});

it("begins where the address says, with a way to the first rows", async () => {
  const { result } = list(answer, { at: "c1" });
  await waitFor(() => expect(result.current.rows.items).toEqual(["c"]));
  act(() => result.current.rows.toFirst?.());
  await waitFor(() => expect(result.current.rows.items).toEqual(["a", "b"]));
  expect(result.current.rows.toFirst).toBeUndefined();
});
