import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import { act, render, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";

import { exactly } from "./grammar";
import { listSearch } from "./list-search";
import { type ListState, listStateOf, useListState } from "./list-state";

const status = { field: "status", operator: ":", values: [exactly("429")] } as const;

/** A page with a list, at an address. */
async function page(address: string) {
  let state: ListState | undefined;
  function Page() {
    state = useListState({ sort: "-started_at", range: { last: "24h" } });
    return <p>here</p>;
  }
  const root = createRootRoute({ component: Outlet });
  const list = createRoute({
    getParentRoute: () => root,
    path: "/list",
    validateSearch: listSearch,
    component: Page,
  });
  const history = createMemoryHistory({ initialEntries: [address] });
  const router = createRouter({ routeTree: root.addChildren([list]), history });
  render(<RouterProvider router={router as never} />);
  await screen.findByText("here");
  return {
    history,
    search: () => new URLSearchParams(history.location.search),
    get state() {
      if (!state) throw new Error("not rendered");
      return state;
    },
    change: (how: (state: ListState) => void) =>
      act(async () => {
        if (state) how(state);
        await router.load();
      }),
  };
}

describe("the state of a list", () => {
  it("is read from the address", async () => {
    const { state } = await page("/list?q=hello&f=status:429&s=-cost&t=7d&cols=a,b&row=r1&at=c2");
    expect(state).toMatchObject({
      q: "hello",
      terms: [status],
      filter: "status:429",
      sort: "-cost",
      range: { last: "7d" },
      columns: ["a", "b"],
      row: "r1",
      cursor: "c2",
      isFiltered: true,
    });
  });

  it("has defaults, which the address does not repeat", async () => {
    const list = await page("/list");
    expect(list.state).toMatchObject({ q: "", terms: [], sort: "-started_at", isFiltered: false });
    expect(list.state.range).toEqual({ last: "24h" });
    await list.change((state) => state.setSort("cost"));
    expect(list.search().get("s")).toBe("cost");
    await list.change((state) => state.setSort("-started_at"));
    await list.change((state) => state.setRange({ last: "24h" }));
    expect(list.history.location.search).toBe("");
  });

  it("is written to the address, and Back undoes it", async () => {
    const list = await page("/list?row=r1&at=c2&t=7d");
    await list.change((state) => state.setTerms([status]));
    expect(list.search().get("f")).toBe("status:429");
    expect(list.search().get("t")).toBe("7d");
    expect(list.search().has("row")).toBe(false);
    expect(list.search().has("at")).toBe(false);
    await act(async () => list.history.back());
    await waitFor(() => expect(list.state.row).toBe("r1"));
    expect(list.state.terms).toEqual([]);
  });

  it("takes numbers as the words they are", async () => {
    const list = await page("/list?q=429");
    expect(list.state.q).toBe("429");
    await list.change((state) => state.setQ("500"));
    expect(list.state.q).toBe("500");
  });

  it("keeps hostile text whole", async () => {
    const list = await page("/list");
    const text = '<b>&?#"\\ שלום 😀 100%';
    await list.change((state) =>
      state.setTerms([{ field: "model", operator: ":", values: [exactly(text)] }]),
    );
    expect(list.state.terms[0]?.values[0]?.text).toBe(text);
  });

  it("ignores a range that is none", async () => {
    expect((await page("/list?t=yesterday")).state.range).toEqual({ last: "24h" });
  });
});

describe("an open row", () => {
  it("is a step to go back from; going on to the next is none", () => {
    const write = vi.fn();
    listStateOf({}, write).setRow("a");
    listStateOf({ row: "a" }, write).setRow("b");
    listStateOf({ row: "b" }, write).setRow(undefined);
    expect(write.mock.calls.map(([, how]) => how.replace)).toEqual([false, true, false]);
  });
});

it("clearing leaves sort, range and columns", () => {
  const write = vi.fn();
  listStateOf({ q: "a", f: "status:429", s: "cost", t: "7d" }, write).clear();
  expect(write).toHaveBeenCalledWith({ at: undefined, row: undefined, q: undefined, f: undefined });
});
