import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { TimeZone } from "@/components/value/time-zone";
import type { Drawing } from "./plot-options";
import type { Series } from "./series";
import { TimeChart, type TimeChartProps } from "./time-chart";

const drawn = vi.fn<(drawing: Drawing) => void>();

// A canvas cannot be drawn here; what would be drawn can be told.
vi.mock("./plot", () => ({
  default: (props: {
    drawing: Drawing;
    onPoint: (at: number | undefined, left: number) => void;
    onDrag?: (from: number, to: number) => void;
  }) => {
    drawn(props.drawing);
    return (
      <>
        <button type="button" aria-label="point" onClick={() => props.onPoint(1, 100)} />
        <button type="button" aria-label="drag" onClick={() => props.onDrag?.(2, 1)} />
      </>
    );
  },
}));

beforeEach(() => drawn.mockReset());

const series: Series[] = [
  { key: "a", label: "gpt-5.2", values: [1, 5, null] },
  { key: "b", label: "claude", values: [4, 6, null] },
];
const buckets = {
  size: "hour",
  starts: ["2026-11-24T08:00:00Z", "2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z"],
} as const;

function Stage(props: Partial<TimeChartProps>) {
  return (
    <TimeZone value="UTC">
      <TimeChart
        label="Spend"
        kind="bars"
        buckets={buckets}
        series={series}
        format={(value) => `$${value}`}
        {...props}
      />
    </TimeZone>
  );
}

const chart = () => screen.getByRole("slider", { name: "Spend" });

describe("a chart", () => {
  it("says in a sentence what it shows", () => {
    render(<Stage />);
    expect(screen.getByRole("figure", { name: "Spend" })).toHaveTextContent(
      "Spend, 24 Nov, 08:00 to 24 Nov, 10:00: $16 in all, most at 24 Nov, 09:00 with $11.",
    );
    expect(chart()).toHaveAttribute("aria-valuetext", expect.stringContaining("$16 in all"));
  });

  it("of lines says between what they are", () => {
    render(<Stage kind="lines" />);
    expect(screen.getByRole("figure")).toHaveTextContent("between $1 and $6");
  });

  it("is walked by keys, bucket by bucket, largest first", async () => {
    render(<Stage />);
    chart().focus();
    await userEvent.keyboard("{ArrowRight}");
    expect(chart()).toHaveAttribute("aria-valuetext", "24 Nov, 08:00: claude $4, gpt-5.2 $1");
    await userEvent.keyboard("{End}");
    expect(chart()).toHaveAttribute("aria-valuenow", "3");
    expect(chart()).toHaveAttribute("aria-valuetext", "24 Nov, 10:00: no data");
  });

  it("hands over a range, marked by keys or dragged", async () => {
    const onRange = vi.fn();
    render(<Stage onRange={onRange} />);
    chart().focus();
    await userEvent.keyboard("{Home}{Shift>}{ArrowRight}{/Shift}");
    expect(chart()).toHaveAttribute(
      "aria-valuetext",
      "24 Nov, 08:00 to 24 Nov, 09:00 marked, Enter to take it",
    );
    await userEvent.keyboard("{Enter}");
    expect(onRange).toHaveBeenLastCalledWith({
      since: "2026-11-24T08:00:00.000Z",
      until: "2026-11-24T10:00:00.000Z",
    });
    await userEvent.click(await screen.findByRole("button", { name: "drag" }));
    expect(onRange).toHaveBeenLastCalledWith({
      since: "2026-11-24T09:00:00.000Z",
      until: "2026-11-24T11:00:00.000Z",
    });
  });

  it("lists the values at the pointer", async () => {
    render(<Stage />);
    await userEvent.click(await screen.findByRole("button", { name: "point" }));
    const list = screen.getByText("Total").parentElement?.parentElement;
    expect(list).toHaveTextContent("24 Nov, 09:00claude$6gpt-5.2$5Total$11");
  });

  it("leaves out what the legend switches off, and draws the rest in the same colours", async () => {
    render(<Stage totalOf={(key) => (key === "a" ? "$6.000001" : undefined)} />);
    await screen.findByRole("button", { name: "point" });
    const before = drawn.mock.lastCall?.[0];
    const legend = screen.getByRole("list", { name: "Series" });
    expect(legend).toHaveTextContent("claude$10gpt-5.2$6.000001");
    const claude = within(legend).getByRole("button", { name: /claude/ });
    await userEvent.click(claude);
    expect(claude).toHaveAttribute("aria-pressed", "false");
    const after = drawn.mock.lastCall?.[0];
    expect(after?.series.map(({ key }) => key)).toEqual(["a"]);
    expect(after?.colours.get("a")).toBe(before?.colours.get("a"));
  });

  it("is a table, too", async () => {
    render(<Stage />);
    await userEvent.click(screen.getByRole("button", { name: "View data" }));
    const rows = within(screen.getByRole("table", { name: "Spend" })).getAllByRole("row");
    expect(rows.map((row) => row.textContent)).toEqual([
      "Timeclaudegpt-5.2Total",
      "24 Nov, 08:00$4$1$5",
      "24 Nov, 09:00$6$5$11",
      "24 Nov, 10:00–No value–No value–No value",
    ]);
    await userEvent.click(screen.getByRole("button", { name: "View chart" }));
    expect(chart()).toBeInTheDocument();
  });

  it("without data says so", () => {
    render(<Stage series={[]} />);
    expect(screen.getByText("No data in this range")).toBeInTheDocument();
  });
});
