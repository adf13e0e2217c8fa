import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ApiProblem } from "@/api/problem";
import type { ListSearch } from "@/filter/list-search";
import { type ListState, useLocalListState } from "@/filter/list-state";
import { DataTable, type DataTableProps } from "./data-table";
import { callColumns } from "./gallery-columns";
import { type Call, calls } from "./gallery-fixture";
import { allRows, neighboursOf, type Rows } from "./rows";
import type { Selection } from "./selection";

type Props = Partial<DataTableProps<Call>>;

const height = 720;

beforeEach(() => {
  // jsdom lays nothing out: the box that scrolls is this high.
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(height);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(height);
});

afterEach(() => vi.useRealTimers());

let state: ListState;

function Stage({ first = {}, ...props }: Props & { first?: ListSearch }) {
  state = useLocalListState({ sort: "-started_at" }, first);
  return (
    <DataTable
      name="calls"
      label="Calls"
      columns={callColumns}
      rows={allRows(calls(5))}
      state={state}
      rowId={(call) => call.id}
      rowLabel={(call) => call.id}
      opens="row"
      nothing={{ title: "No calls yet" }}
      {...props}
    />
  );
}

const bulk = (selection: Selection) => (
  <output aria-label="bulk">{`${selection.isAllMatching}:${selection.count}`}</output>
);

const pending: Rows<Call> = { ...allRows<Call>([]), status: "pending" };

const row = (index: number) => {
  const found = document.querySelector<HTMLElement>(`[data-row="${index}"]`);
  if (!found) throw new Error(`row ${index} is not drawn`);
  return found;
};
const box = (index: number) => within(row(index)).getByRole("checkbox");
const isSelected = (index: number) => row(index).getAttribute("aria-selected") === "true";

describe("10,000 rows", () => {
  it("are 60 in the page at most, with their places told", () => {
    render(<Stage rows={allRows(calls(10_000))} />);
    const grid = screen.getByRole("grid", { name: "Calls" });
    expect(grid).toHaveAttribute("aria-rowcount", "10001");
    const drawn = document.querySelectorAll("[data-row]");
    expect(drawn.length).toBeGreaterThan(15);
    expect(drawn.length).toBeLessThanOrEqual(60);
    expect(row(0)).toHaveAttribute("aria-rowindex", "2");
  });

  it("can be walked from end to end", async () => {
    render(<Stage rows={allRows(calls(10_000))} />);
    const user = userEvent.setup();
    act(() => row(0).focus());
    await user.keyboard("{End}");
    expect(row(9_999)).toHaveFocus();
    await user.keyboard("k");
    expect(row(9_998)).toHaveFocus();
    await user.keyboard("{Home}j");
    expect(row(1)).toHaveFocus();
    expect(document.querySelectorAll("[data-row]").length).toBeLessThanOrEqual(60);
  });

  it("keep the focus on a row that scrolls out of sight", async () => {
    render(<Stage rows={allRows(calls(10_000))} />);
    act(() => row(2).focus());
    const scroller = screen.getByRole("grid").parentElement as HTMLElement;
    act(() => {
      scroller.scrollTop = 100_000;
      scroller.dispatchEvent(new Event("scroll"));
    });
    expect(row(2)).toHaveFocus();
  });
});

describe("sorting", () => {
  it("is told and changed by the headers", async () => {
    render(<Stage />);
    const user = userEvent.setup();
    const head = (name: string) => screen.getByRole("columnheader", { name });
    expect(head("Time")).toHaveAttribute("aria-sort", "descending");
    expect(head("Cost")).not.toHaveAttribute("aria-sort");
    await user.click(screen.getByRole("button", { name: "Cost" }));
    expect(state.sort).toBe("-cost");
    expect(head("Cost")).toHaveAttribute("aria-sort", "descending");
    await user.click(screen.getByRole("button", { name: "Cost" }));
    expect(state.sort).toBe("cost");
  });

  it("is not offered where the server cannot", () => {
    render(<Stage />);
    expect(screen.queryByRole("button", { name: "Client" })).not.toBeInTheDocument();
  });
});

describe("opening", () => {
  it("is a press on the row, Enter or Space", async () => {
    render(<Stage />);
    const user = userEvent.setup();
    await user.click(row(1).querySelector("td") as Element);
    expect(state.row).toBe("req_00001");
    expect(row(1)).toHaveAttribute("aria-current", "true");
    act(() => row(2).focus());
    await user.keyboard("{Enter}");
    expect(state.row).toBe("req_00002");
    await user.keyboard("{ArrowDown} ");
    expect(state.row).toBe("req_00003");
  });

  it("does not happen by pressing what is inside a row", async () => {
    const run = vi.fn();
    render(<Stage bulk={bulk} actions={() => [{ id: "edit", label: "Edit", icon: <i />, run }]} />);
    const user = userEvent.setup();
    await user.click(box(0));
    await user.click(within(row(0)).getByRole("button", { name: "Edit" }));
    expect(run).toHaveBeenCalledOnce();
    expect(state.row).toBeUndefined();
  });
});

describe("selection", () => {
  it("reaches from one row to another with Shift", async () => {
    render(<Stage bulk={bulk} />);
    const user = userEvent.setup();
    await user.click(box(1));
    await user.keyboard("{Shift>}");
    await user.click(box(3));
    await user.keyboard("{/Shift}");
    expect([0, 1, 2, 3, 4].filter(isSelected)).toEqual([1, 2, 3]);
    expect(screen.getByRole("status", { name: "bulk" })).toHaveTextContent("false:3");
    expect(screen.getByText("3 selected")).toBeInTheDocument();
  });

  it("works by keys: X, Shift with the arrows, Escape", async () => {
    render(<Stage bulk={bulk} />);
    const user = userEvent.setup();
    act(() => row(0).focus());
    await user.keyboard("x");
    expect([0, 1, 2].filter(isSelected)).toEqual([0]);
    await user.keyboard("{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    expect([0, 1, 2, 3].filter(isSelected)).toEqual([0, 1, 2]);
    await user.keyboard("{Escape}");
    expect([0, 1, 2, 3].filter(isSelected)).toEqual([]);
  });

  it("can be all that match, beyond what is loaded", async () => {
    const rows = { ...allRows(calls(5)), approxTotal: 12_400, hasMore: true };
    render(<Stage rows={rows} bulk={bulk} />);
    const user = userEvent.setup();
    await user.click(screen.getByRole("checkbox", { name: "Select all loaded rows" }));
    await user.click(screen.getByRole("button", { name: "Select all of about 12,400" }));
    expect(screen.getByText("All of about 12,400 selected")).toBeInTheDocument();
    expect(screen.getByRole("status", { name: "bulk" })).toHaveTextContent("true:12400");
    await user.click(box(2));
    expect(screen.getByRole("status", { name: "bulk" })).toHaveTextContent("false:4");
  });

  it("ends when other rows are asked for", async () => {
    render(<Stage bulk={bulk} />);
    await userEvent.click(box(1));
    act(() => state.setQ("other"));
    expect(screen.queryByRole("status", { name: "bulk" })).not.toBeInTheDocument();
  });

  it("is not there without something to do with it", () => {
    render(<Stage />);
    expect(screen.queryByRole("checkbox")).not.toBeInTheDocument();
  });
});

describe("the actions of a row", () => {
  const actions = (call: Call) => [
    { id: "edit", label: "Edit", icon: <i />, keys: "e", run: () => done(`edit ${call.id}`) },
    { id: "test", label: "Test", icon: <i />, run: () => done("test") },
    { id: "copy", label: "Copy", icon: <i />, run: () => done("copy") },
    { id: "delete", label: "Delete", danger: true, run: () => done("delete") },
    { id: "off", label: "Disable", disabledReason: "It is the last one", run: () => done("off") },
  ];
  const done = vi.fn();
  beforeEach(() => done.mockReset());

  it("are two in sight, and all in a menu that opens with a dot", async () => {
    render(<Stage actions={actions} />);
    const user = userEvent.setup();
    expect(
      within(row(0))
        .getAllByRole("button")
        .map((one) => one.getAttribute("aria-label")),
    ).toEqual(["Edit", "Test", "Actions for req_00000"]);
    act(() => row(0).focus());
    await user.keyboard(".");
    const menu = await screen.findByRole("menu");
    expect(within(menu).getAllByRole("menuitem")).toHaveLength(5);
    expect(within(menu).getByRole("menuitem", { name: /Disable/ })).toHaveTextContent(
      "It is the last one",
    );
    await user.click(within(menu).getByRole("menuitem", { name: "Delete" }));
    expect(done.mock.calls).toEqual([["delete"]]);
    expect(state.row).toBeUndefined();
  });

  it("have keys of their own", async () => {
    render(<Stage actions={actions} />);
    act(() => row(3).focus());
    await userEvent.keyboard("e");
    expect(done).toHaveBeenCalledWith("edit req_00003");
  });
});

describe("columns", () => {
  const heads = () => screen.getAllByRole("columnheader").map((head) => head.textContent);
  const usual = ["Time", "Outcome", "Model", "Key", "First token", "Tokens", "Cost", "Client"];

  it("can be hidden and moved, and stay so", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    const { unmount } = render(<Stage />);
    expect(heads()).toEqual(usual);
    await user.click(screen.getByRole("button", { name: "View" }));
    await user.click(screen.getByRole("checkbox", { name: "Key" }));
    await user.click(screen.getByRole("checkbox", { name: "Request" }));
    await user.click(screen.getByRole("button", { name: "Move Model up" }));
    expect(screen.getByRole("checkbox", { name: "Time" })).toBeDisabled();
    await user.keyboard("{Escape}");
    const now = ["Time", "Model", "Outcome", "First token", "Tokens", "Cost", "Client", "Request"];
    expect(heads()).toEqual(now);
    unmount();
    render(<Stage />);
    expect(heads()).toEqual(now);
  });

  it("can be asked for by the address", async () => {
    render(<Stage first={{ cols: "model,cost,gone" }} />);
    expect(heads()).toEqual(["Model", "Cost"]);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "View" }));
    await user.click(screen.getByRole("checkbox", { name: "Tokens" }));
    expect(state.columns).toEqual(["model", "cost", "tokens"]);
    await user.click(screen.getByRole("button", { name: "Reset the view" }));
    expect(heads()).toEqual(usual);
  });

  it("are resized with the arrow keys", async () => {
    vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(120);
    render(<Stage />);
    const edge = screen.getByRole("separator", { name: "Width of Outcome" });
    act(() => edge.focus());
    await userEvent.keyboard("{ArrowRight}");
    expect(edge).toHaveAttribute("aria-valuenow", "136");
    await userEvent.dblClick(edge);
    expect(edge).toHaveAttribute("aria-valuenow", "120");
  });

  it("have rows of the chosen height", async () => {
    render(<Stage />);
    await userEvent.click(screen.getByRole("button", { name: "View" }));
    await userEvent.click(screen.getByRole("radio", { name: "Compact" }));
    expect(row(0)).toHaveClass("h-8");
  });
});

describe("rows that are not there", () => {
  it("are drawn as what is to come", () => {
    render(<Stage rows={pending} />);
    expect(screen.getByRole("grid")).toHaveAttribute("aria-busy", "true");
    expect(document.querySelectorAll("tbody tr")).toHaveLength(8);
    expect(screen.getByText("Loading", { selector: "[role=status]" })).toBeInTheDocument();
  });

  it("are none yet: what to do about it", () => {
    render(
      <Stage
        rows={allRows<Call>([])}
        nothing={{ title: "No calls yet", action: <a href="/">Go</a> }}
      />,
    );
    expect(screen.getByText("No calls yet")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Go" })).toBeInTheDocument();
  });

  it("do not match: the filters can be cleared", async () => {
    render(<Stage rows={allRows<Call>([])} first={{ f: "status:429", q: "x" }} />);
    expect(screen.getByText("Nothing matches")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Clear filters" }));
    expect(state.isFiltered).toBe(false);
    expect(screen.getByText("No calls yet")).toBeInTheDocument();
  });

  it("are not available: why", () => {
    render(<Stage unavailable={{ title: "Usage is switched off" }} />);
    expect(screen.getByText("Usage is switched off")).toBeInTheDocument();
    expect(screen.queryByRole("grid")).not.toBeInTheDocument();
  });

  it("could not be loaded: try again, with the id of the request", async () => {
    const retry = vi.fn();
    const error = new ApiProblem({ code: "unavailable", status: 503, requestId: "req_77" });
    render(<Stage rows={{ ...allRows<Call>([]), status: "error", error, retry }} />);
    expect(screen.getByRole("alert")).toHaveTextContent("The server cannot answer at the moment");
    expect(screen.getByText(/req_77/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(retry).toHaveBeenCalledOnce();
  });
});

describe("rows that are there", () => {
  it("stay when asking again fails", () => {
    const error = new ApiProblem({ code: "internal", status: 500, requestId: "req_78" });
    render(<Stage rows={{ ...allRows(calls(5)), status: "error", error }} />);
    expect(document.querySelectorAll("[data-row]")).toHaveLength(5);
    expect(screen.getByRole("alert")).toHaveTextContent("req_78");
  });

  it("are dimmed when the next take long", () => {
    vi.useFakeTimers();
    render(<Stage rows={{ ...allRows(calls(5)), isRefreshing: true }} />);
    expect(screen.getByRole("grid")).not.toHaveClass("opacity-70");
    act(() => vi.advanceTimersByTime(400));
    expect(screen.getByRole("grid")).toHaveClass("opacity-70");
  });

  it.each<[string, Partial<Rows<Call>>]>([
    ["1–5 of 5", {}],
    ["1–5 of ~12,400", { hasMore: true, approxTotal: 12_400 }],
    ["1–5, and more", { hasMore: true, approxTotal: 3 }],
    ["5 rows further down the list", { toFirst: () => undefined }],
  ])("are counted: %s", (words, change) => {
    render(<Stage rows={{ ...allRows(calls(5)), ...change }} />);
    expect(screen.getByText(words, { selector: "[role=status]" })).toBeInTheDocument();
  });

  it("become more on demand, and when the end is near", async () => {
    const loadMore = vi.fn();
    render(<Stage rows={{ ...allRows(calls(5)), hasMore: true, loadMore }} />);
    await userEvent.click(screen.getByRole("button", { name: "Load more" }));
    act(() => {
      screen.getByRole("grid").parentElement?.dispatchEvent(new Event("scroll"));
    });
    expect(loadMore).toHaveBeenCalledTimes(2);
  });

  it("wait for a press when they are new", async () => {
    const show = vi.fn();
    render(<Stage fresh={{ count: 12, show }} />);
    await userEvent.click(screen.getByRole("button", { name: "12 new" }));
    expect(show).toHaveBeenCalledOnce();
  });

  it("show hostile text as text", () => {
    render(<Stage rows={allRows(calls(200))} />);
    expect(document.querySelector("[data-row] img")).toBeNull();
  });

  it("have neighbours", () => {
    const items = calls(3);
    const idOf = (call: Call) => call.id;
    expect(neighboursOf(items, idOf, "req_00001")).toEqual({
      previous: "req_00000",
      next: "req_00002",
    });
    expect(neighboursOf(items, idOf, "req_00000")).toEqual({ next: "req_00001" });
    expect(neighboursOf(items, idOf, "gone")).toEqual({});
  });
});

describe("a copy", () => {
  it("holds the loaded rows with the columns shown", async () => {
    const user = userEvent.setup();
    render(<Stage first={{ cols: "model,cost" }} rows={allRows(calls(2))} />);
    await user.click(screen.getByRole("button", { name: "Export" }));
    await user.click(await screen.findByRole("menuitem", { name: "Copy as Markdown" }));
    const [first] = calls(1);
    expect(await navigator.clipboard.readText()).toContain(
      `| Model | Cost |\n| --- | --- |\n| ${first?.model} | ${first?.cost} |`,
    );
    expect(await screen.findByText("2 rows copied")).toBeInTheDocument();
  });

  it("as a file comes from the server, and can be cancelled", async () => {
    const user = userEvent.setup();
    const signals: AbortSignal[] = [];
    const fetchExport = vi.fn((_format: string, signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<Blob>(() => undefined);
    });
    render(<Stage fetchExport={fetchExport} />);
    await user.click(screen.getByRole("button", { name: "Export" }));
    await user.click(await screen.findByRole("menuitem", { name: "CSV" }));
    expect(fetchExport.mock.calls[0]?.[0]).toBe("csv");
    await user.click(screen.getByRole("button", { name: "Cancel the export" }));
    expect(signals[0]?.aborted).toBe(true);
  });

  it("says when it could not be made", async () => {
    const user = userEvent.setup();
    render(<Stage fetchExport={() => Promise.reject(new Error("no"))} />);
    await user.click(screen.getByRole("button", { name: "Export" }));
    await user.click(await screen.findByRole("menuitem", { name: "JSON Lines" }));
    expect(await screen.findByText("The file could not be made")).toBeInTheDocument();
  });
});

describe("on a narrow screen", () => {
  beforeEach(() => {
    vi.stubGlobal("matchMedia", () => ({
      matches: true,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }));
  });

  it("the rows are cards, and there is no table", async () => {
    render(<Stage bulk={bulk} actions={() => [{ id: "e", label: "Edit", run: vi.fn() }]} />);
    expect(screen.queryByRole("grid")).not.toBeInTheDocument();
    const cards = within(screen.getByRole("list", { name: "Calls" })).getAllByRole("listitem");
    expect(cards).toHaveLength(5);
    const [first] = calls(1);
    expect(cards[0]).toHaveTextContent(first?.model ?? "-");
    expect(
      within(cards[0] as HTMLElement)
        .getAllByRole("term")
        .map((one) => one.textContent),
    ).toEqual(["Tokens", "Cost"]);
    await userEvent.click(screen.getByRole("button", { name: "req_00002" }));
    expect(state.row).toBe("req_00002");
  });

  it("are selected once asked for", async () => {
    const user = userEvent.setup();
    render(<Stage bulk={bulk} />);
    expect(screen.queryByRole("checkbox")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Select" }));
    await user.click(screen.getByRole("checkbox", { name: "Select req_00002" }));
    expect(screen.getByRole("status", { name: "bulk" })).toHaveTextContent("false:1");
    await user.click(screen.getByRole("button", { name: "Clear the selection" }));
    expect(screen.queryByRole("status", { name: "bulk" })).toBeNull();
  });

  it("are few in the page, even if there are many", () => {
    render(<Stage rows={allRows(calls(10_000))} />);
    expect(document.querySelectorAll("[aria-posinset]").length).toBeLessThanOrEqual(60);
  });

  it("are sorted by a list", async () => {
    render(<Stage />);
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Sort by" }), "cost");
    expect(state.sort).toBe("cost");
  });
});
