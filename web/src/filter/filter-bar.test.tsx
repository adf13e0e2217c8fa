import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { TimeZone } from "@/components/value/time-zone";
import { FilterBar } from "./filter-bar";
import { galleryFacets, galleryFields, galleryPresets } from "./gallery-fixture";
import type { ListSearch } from "./list-search";
import { type ListState, useLocalListState } from "./list-state";

let state: ListState;

function Stage({ first = {} }: { first?: ListSearch }) {
  state = useLocalListState({ range: { last: "24h" } }, first);
  return (
    <TimeZone value="Asia/Shanghai">
      <FilterBar
        state={state}
        fields={galleryFields}
        facets={galleryFacets}
        presets={galleryPresets}
      />
    </TimeZone>
  );
}

const box = () => screen.getByRole("combobox", { name: "Search or filter" });
const chips = () =>
  screen.queryAllByRole("button", { name: /^Remove / }).map((one) => one.ariaLabel?.slice(7));
const optionsShown = () => screen.queryAllByRole("option").map((one) => one.textContent);

describe("the text field", () => {
  it("makes a chip of a condition once a blank ends it", async () => {
    render(<Stage />);
    await userEvent.type(box(), 'status:429 key:"my laptop" cost>0.1 ');
    expect(chips()).toEqual([
      "HTTP status is 429",
      "API key is my laptop",
      "Cost is above 0.1 USD",
    ]);
    expect(state.filter).toBe('status:429 key:"my laptop" cost>0.1');
    expect(box()).toHaveValue("");
  });

  it("searches for words after a pause, and keeps blanks while they are typed", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    render(<Stage />);
    await user.type(box(), "two words");
    expect(box()).toHaveValue("two words");
    act(() => vi.advanceTimersByTime(300));
    expect(state.q).toBe("two words");
    expect(state.terms).toEqual([]);
    vi.useRealTimers();
  });

  it("takes conditions and words at once on Enter", async () => {
    render(<Stage />);
    await userEvent.type(box(), "hello model:claude* http://x{Escape}{Enter}");
    expect(state.filter).toBe("model:claude*");
    expect(state.q).toBe("hello http://x");
    expect(box()).toHaveValue("hello http://x");
  });

  it("suggests fields, then values with counts, and takes one", async () => {
    render(<Stage />);
    const user = userEvent.setup();
    await user.type(box(), "mod");
    expect(optionsShown()).toEqual(["modelModel"]);
    await user.keyboard("{ArrowDown}{Enter}");
    expect(box()).toHaveValue("model:");
    expect(optionsShown()[0]).toBe("claude-opus-58.12k");
    await user.keyboard("{ArrowDown}");
    expect(box().getAttribute("aria-activedescendant")).toBe(screen.getAllByRole("option")[0]?.id);
    await user.keyboard("{Enter}");
    expect(chips()).toEqual(["Model is claude-opus-5"]);
    expect(screen.queryByRole("listbox")).not.toBeInTheDocument();
  });

  it("gives the last condition back to be edited", async () => {
    render(<Stage first={{ f: "status:429 cost>1" }} />);
    await userEvent.click(box());
    await userEvent.keyboard("{Backspace}");
    expect(box()).toHaveValue("cost>1");
    expect(chips()).toEqual(["HTTP status is 429"]);
  });

  it("follows words that change elsewhere", () => {
    render(<Stage first={{ q: "hello" }} />);
    expect(box()).toHaveValue("hello");
    act(() => state.clear());
    expect(box()).toHaveValue("");
  });
});

describe("a chip", () => {
  it("says its values, and goes away by its cross", async () => {
    render(<Stage first={{ f: 'outcome:failed,ok,refused stream:true model!:"a b"' }} />);
    expect(chips()).toEqual([
      "Outcome is Failed or 2 more",
      "Streaming is Yes",
      "Model is not a b",
    ]);
    await userEvent.click(screen.getByRole("button", { name: "Remove Streaming is Yes" }));
    expect(state.filter).toBe('outcome:failed,ok,refused model!:"a b"');
  });

  it("can be changed in place", async () => {
    render(<Stage first={{ f: "outcome:failed" }} />);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Change Outcome is Failed" }));
    await user.click(screen.getByRole("option", { name: /Refused/ }));
    await user.click(screen.getByRole("radio", { name: "is not" }));
    await user.click(screen.getByRole("button", { name: "Apply" }));
    expect(state.filter).toBe("outcome!:failed,refused");
  });

  it("without a value left is none", async () => {
    render(<Stage first={{ f: "outcome:failed" }} />);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Change Outcome is Failed" }));
    await user.click(screen.getByRole("option", { name: /Failed/ }));
    await user.click(screen.getByRole("button", { name: "Apply" }));
    expect(chips()).toEqual([]);
  });

  it("of a field nobody knows can still be seen and removed", async () => {
    render(<Stage first={{ f: "colour:red" }} />);
    await userEvent.click(screen.getByRole("button", { name: "Remove colour is red" }));
    expect(state.filter).toBe("");
  });
});

describe("a further filter", () => {
  it("is a field, then its values, by keys alone", async () => {
    render(<Stage />);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Add filter" }));
    await user.keyboard("api{Enter}");
    await user.keyboard("lap{Enter}");
    await user.keyboard("{Enter}");
    expect(state.filter).toBe('key:"my laptop"');
  });

  it("takes a value that nobody knows, whole or as a beginning", async () => {
    render(<Stage />);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Add filter" }));
    await user.click(screen.getByRole("option", { name: /^Model/ }));
    await user.keyboard("llama");
    await user.click(screen.getByRole("option", { name: "begins with llama" }));
    await user.click(screen.getByRole("button", { name: "Apply" }));
    expect(state.filter).toBe("model:llama*");
  });

  it("is above or below a number", async () => {
    render(<Stage />);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Add filter" }));
    await user.click(screen.getByRole("option", { name: /^Cost/ }));
    await user.click(screen.getByRole("radio", { name: "is below" }));
    await user.type(screen.getByRole("textbox", { name: "Value" }), "x0.5{Enter}");
    expect(state.filter).toBe("cost<0.5");
  });
});

describe("quick filters", () => {
  it("take the place of the conditions, and show when they hold", async () => {
    render(<Stage first={{ f: "status:429" }} />);
    const group = screen.getByRole("group", { name: "Quick filters" });
    const preset = (name: string) => within(group).getByRole("radio", { name });
    expect(preset("All")).not.toBeChecked();
    await userEvent.click(preset("Errors"));
    expect(state.filter).toBe("outcome:failed,refused");
    expect(preset("Errors")).toBeChecked();
    await userEvent.click(preset("All"));
    expect(state.isFiltered).toBe(false);
  });
});

describe("the range of time", () => {
  it("is a span", async () => {
    render(<Stage />);
    await userEvent.click(screen.getByRole("radio", { name: "7 days" }));
    expect(state.range).toEqual({ last: "7d" });
  });

  it("is from one instant to another, in the zone that is told", async () => {
    render(<Stage />);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Custom" }));
    expect(screen.getByText("Times are in Asia/Shanghai.")).toBeInTheDocument();
    const fill = async (name: string, value: string) => {
      await user.clear(screen.getByLabelText(name));
      await user.type(screen.getByLabelText(name), value);
    };
    await fill("From", "2026-11-02T08:00");
    await fill("Until", "2026-11-01T08:00");
    await user.click(screen.getByRole("button", { name: "Apply" }));
    expect(screen.getByRole("alert")).toHaveTextContent("The end must come after the beginning.");
    await fill("Until", "2026-11-03T08:00");
    await user.click(screen.getByRole("button", { name: "Apply" }));
    expect(state.range).toEqual({
      since: "2026-11-02T00:00:00.000Z",
      until: "2026-11-03T00:00:00.000Z",
    });
    expect(
      screen.getByRole("button", { name: "2 Nov 2026, 08:00 – 3 Nov 2026, 08:00" }),
    ).toBeInTheDocument();
  });
});

it("on a narrow screen everything but the words is in a sheet", async () => {
  vi.stubGlobal("matchMedia", () => ({
    matches: true,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
  render(<Stage first={{ f: "status:429" }} />);
  expect(chips()).toEqual([]);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Filters (1)" }));
  const sheet = screen.getByRole("dialog", { name: "Filters" });
  expect(within(sheet).getByRole("radio", { name: "7 days" })).toBeInTheDocument();
  await user.click(within(sheet).getByRole("button", { name: "Clear all" }));
  expect(state.isFiltered).toBe(false);
  await user.click(within(sheet).getByRole("button", { name: "Show the list" }));
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});
