import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { describe, expect, it } from "vitest";

import { BarList } from "./bar-list";
import { Numbers } from "./numbers";
import { ShareBar } from "./share-bar";
import { linePath, Sparkline } from "./sparkline";
import { Strip } from "./strip";

/** A link that gets its content from where it stands. */
function To({ children, ...rest }: { href: string; className?: string; children?: ReactNode }) {
  return <a {...rest}>{children}</a>;
}

describe("a list of bars", () => {
  const bars = Array.from({ length: 10 }, (_, at) => ({
    key: `m${at}`,
    label: `model ${at}`,
    value: 10 - at,
    text: `$${10 - at}`,
    link: <To href={`/usage?f=model:m${at}`} />,
  }));

  it("leads to the rows, and shows all on demand", async () => {
    render(<BarList label="Models" bars={bars} />);
    expect(screen.getAllByRole("listitem")).toHaveLength(8);
    expect(screen.getByRole("link", { name: /model 0/ })).toHaveAttribute(
      "href",
      "/usage?f=model:m0",
    );
    await userEvent.click(screen.getByRole("button", { name: "Show all 10" }));
    expect(screen.getAllByRole("listitem")).toHaveLength(10);
  });

  it("is as long as its share of the largest", () => {
    render(<BarList label="Models" bars={bars} />);
    const widths = [...document.querySelectorAll("rect")].map((one) => one.getAttribute("width"));
    expect(widths.slice(0, 2)).toEqual(["100%", "90%"]);
  });

  it("of nothing says so", () => {
    render(<BarList label="Models" bars={[]} />);
    expect(screen.getByText("No data in this range")).toBeInTheDocument();
  });
});

describe("a strip of hours", () => {
  it("is told in words, cell by cell", () => {
    render(<Strip label="pro-1" hours={[null, 1, 0.5]} />);
    const strip = screen.getByRole("img", {
      name: "pro-1: 2 of 3 hours with calls, lowest 50%",
    });
    expect([...strip.querySelectorAll("title")].map((one) => one.textContent)).toEqual([
      "2 h ago: no calls",
      "1 h ago: 100%",
      "0 h ago: 50%",
    ]);
    const heights = [...strip.querySelectorAll("rect")].map((one) => one.getAttribute("height"));
    expect(new Set(heights).size).toBe(3);
  });

  it("without calls says so", () => {
    render(<Strip label="pro-1" hours={[null, null]} />);
    expect(screen.getByRole("img", { name: "pro-1: no calls in 2 hours" })).toBeInTheDocument();
  });
});

describe("a small line", () => {
  it("breaks where nothing is known, and a lone value is a dot", () => {
    expect(linePath([0, 10, null, 5, null], 10)).toBe("M2 18L25 2M71 10h0.01");
    expect(linePath([null, null], 0)).toBe("");
    expect(linePath([0, 0], 0)).toBe("M2 18L94 18");
  });

  it("is told in words", () => {
    render(<Sparkline label="Calls" values={[1, null, 8, 3]} format={String} />);
    expect(screen.getByRole("img", { name: "Calls: from 1 to 3, highest 8" })).toBeInTheDocument();
  });
});

it("the parts of a whole are named with their shares", () => {
  render(
    <ShareBar
      label="Tokens"
      shares={[
        { key: "in", label: "Input", value: 3 },
        { key: "none", label: "None", value: 0 },
        { key: "out", label: "Output", value: 1 },
      ]}
    />,
  );
  const parts = within(screen.getByRole("list", { name: "Tokens" })).getAllByRole("listitem");
  expect(parts.map((one) => one.textContent)).toEqual(["Input75%", "Output25%"]);
});

describe("key figures", () => {
  const cell = (change: { now: number; before: number; better?: "up" | "down" }) => (
    <Numbers
      label="Today"
      cells={[{ key: "a", label: "Errors", value: "7", change: { ...change, than: "yesterday" } }]}
    />
  );

  it.each([
    [{ now: 3, before: 2 }, "50% more than yesterday", "text-fg-3"],
    [{ now: 3, before: 2, better: "down" }, "50% more than yesterday", "text-err"],
    [{ now: 1, before: 2, better: "down" }, "50% less than yesterday", "text-ok"],
    [{ now: 2, before: 2, better: "up" }, "the same as yesterday", "text-fg-3"],
    [{ now: 2, before: 0, better: "up" }, "none yesterday", "text-fg-3"],
  ] as const)("%j: %s", (change, words, colour) => {
    render(cell(change));
    expect(screen.getByText(words)).toHaveClass(colour);
  });

  it("lead to the rows that make them", () => {
    const link = <To href="/usage" />;
    render(<Numbers label="Today" cells={[{ key: "a", label: "Calls", value: "12", link }]} />);
    expect(screen.getByRole("link", { name: "Calls12" })).toHaveAttribute("href", "/usage");
  });
});
