import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import type { Trace } from "@/api/types";
import { setLanguage } from "@/i18n";
import { DecisionView } from "./decision-view";
import { traces } from "./fixtures/all";
import * as answered from "./fixtures/answered";
import { considered, decision, noUsage, price } from "./fixtures/base";
import * as failed from "./fixtures/failed";
import * as refused from "./fixtures/refused";
import { TracePanel } from "./trace-panel";
import { TraceView } from "./trace-view";

describe.each(Object.entries(traces))("%s", (_, trace) => {
  it.each(["en", "zh-CN"] as const)(
    "is shown in %s with nothing left to fill in",
    async (language) => {
      await setLanguage(language);
      const { container } = render(<TraceView trace={trace} />);
      expect(container).not.toHaveTextContent(/\{\{|undefined|NaN|\[object|trace\.|verdict\./);
      expect(screen.getAllByRole("heading", { level: 2 }).length).toBeGreaterThan(3);
    },
  );
});

it("shows the attempts in order, with causes and what was put to rest", () => {
  render(<TraceView trace={answered.fallback} />);
  const rows = within(screen.getByRole("table", { name: "Attempts" })).getAllByRole("row");
  expect(rows).toHaveLength(3);
  expect(rows[1]).toHaveTextContent("pro-1");
  expect(rows[1]).toHaveTextContent("429");
  expect(rows[1]).toHaveTextContent("rate limit");
  expect(rows[1]).toHaveTextContent("Put to rest: the credential");
  expect(rows[2]).toHaveTextContent("Answered");
});

it("tells who was passed over, what moves a candidate up, and where the session goes", () => {
  render(<TraceView trace={answered.passedOver} />);
  const rows = within(screen.getByRole("table", { name: "Attempts" })).getAllByRole("row");
  expect(rows[1]).toHaveTextContent("Passed over");
  expect(rows[1]).toHaveTextContent("It had reached a limit of its own");
  expect(rows[1]).toHaveTextContent("the upstream account may use 2 requests at once");
  expect(rows[1]).not.toHaveTextContent("rate limit");
  const order = within(screen.getByRole("table", { name: "Order to try" })).getAllByRole("row");
  expect(order[1]).toHaveTextContent(/pro-1.*Pinned/);
  expect(order[2]).toHaveTextContent(/pro-2.*Promoted.*690 ms/);
  expect(screen.getByText(/Pinned: it comes first in its channel group/)).toBeVisible();
  expect(
    screen.getByText(/does not go on with third key, which served it before: resting/),
  ).toBeVisible();
});

it("tells what a call earned only where the server does", () => {
  const { unmount, rerender } = render(<TraceView trace={answered.fallback} />);
  expect(screen.queryByRole("heading", { name: "Margin" })).toBeNull();
  const paid: Trace = {
    ...answered.fallback,
    call: { ...answered.fallback.call, billing: "charged" },
    margin: { upstream_cost_usd: "0.006", margin_usd: "0.004", margin_share: 0.4 },
  };
  rerender(<TraceView trace={paid} />);
  const part = within(screen.getByRole("region", { name: "Margin" }));
  expect(part.getByText("$0.006000")).toBeVisible();
  expect(part.getByText(/40%/)).toBeVisible();
  rerender(<TraceView trace={{ ...paid, margin: {} }} />);
  expect(screen.getByText(/Nobody said what the channel pays/)).toBeVisible();
  const { billing: _, ...call } = paid.call;
  rerender(<TraceView trace={{ ...paid, call, margin: {} }} />);
  expect(screen.queryByRole("heading", { name: "Margin" })).toBeNull();
  unmount();
});

it("names no channel to who may not see them", () => {
  const { container } = render(<TraceView trace={answered.reduced} />);
  expect(
    screen.getByText("channel B answered after channel A returned 429 (212 ms)."),
  ).toBeVisible();
  expect(container).not.toHaveTextContent(/pro-1|pro-2|main key/);
});

it("shows the timeline as a table too", async () => {
  render(<TraceView trace={answered.fallback} />);
  expect(screen.getByRole("img", { name: /5 phases and 2 attempts in 3.40 s/ })).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Show as a table" }));
  const table = screen.getByRole("table", { name: "Timeline" });
  expect(
    within(table).getByRole("row", { name: /Attempt 1: pro-1 4.2 ms 216 ms 212 ms/ }),
  ).toBeVisible();
});

it("adds the cost up, and warns when it does not add up", () => {
  const { rerender } = render(<TraceView trace={answered.success} />);
  const table = screen.getByRole("table", { name: "Cost" });
  expect(within(table).getByRole("row", { name: "Total $0.0243" })).toBeVisible();
  const wrong = { ...answered.success.call, cost_usd: "0.03" };
  rerender(<TraceView trace={{ ...answered.success, call: wrong }} />);
  expect(screen.getByText(/The lines add up to \$0\.02430456/)).toBeVisible();
  rerender(<TraceView trace={answered.noPrice} />);
  expect(screen.getByText(/No price is known for house-model/)).toBeVisible();
  rerender(<TraceView trace={refused.limited} />);
  expect(screen.getByText("Nothing was used, nothing is charged.")).toBeVisible();
});

describe("how a call was charged", () => {
  const { success } = answered;
  const show = (over: Partial<Trace>) => render(<TraceView trace={{ ...success, ...over }} />);
  const said = (name: string) =>
    screen
      .getAllByRole("term")
      .filter(({ textContent }) => textContent === name)
      .map((term) => term.nextElementSibling?.textContent)
      .at(-1);

  it("is told with each factor, the tier, the version and what became of it", () => {
    show({
      call: { ...success.call, billing: "charged" },
      price: {
        ...price,
        multiplier: "1.080000",
        user_multiplier: "0.900000",
        key_multiplier: "0.500000",
        lane: { name: "priority", multiplier: "2.000000" },
        above_tokens: 200_000,
      },
    });
    expect(said("Multiplier")).toBe(
      "1.08 = pro ×1.2 · main ×1 · user group ×0.9 · API key ×0.5 · lane priority ×2",
    );
    expect(said("Price")).toBe(
      "Version 3. The whole call at the prices of prompts above 200,000 tokens.",
    );
    expect(said("Sum")).toMatch(/Rounded once, over all lines/);
    expect(said("Usage")).toBe("Measured: the upstream reported it.");
    expect(said("Charged")).toBe("Yes, to the balance.");
  });

  it("says what is priced by the piece", () => {
    const line = { bucket: "tool_calls", tokens: 2, price_usd: "0.01", multiplier: "1" } as const;
    const cost = [...(success.cost ?? []), { ...line, cost_usd: "0.02" }];
    show({ cost, call: { ...success.call, cost_usd: "0.04430456" } });
    const table = within(screen.getByRole("table", { name: "Cost" }));
    expect(
      table.getByRole("row", { name: /Tool calls, each 2 0.01 each 1 \$0.0200/ }),
    ).toBeVisible();
  });

  it("says what images cost, by their tokens and each", () => {
    const line = { multiplier: "1" } as const;
    const cost = [
      ...(success.cost ?? []),
      { ...line, bucket: "image_output", tokens: 1_000, price_usd: "40", cost_usd: "0.04" },
      { ...line, bucket: "images", tokens: 2, price_usd: "0.01", cost_usd: "0.02" },
    ] as const;
    show({ cost: [...cost], call: { ...success.call, cost_usd: "0.08430456" } });
    const table = within(screen.getByRole("table", { name: "Cost" }));
    expect(table.getByRole("row", { name: /Images made 1,000 40 1 \$0.0400/ })).toBeVisible();
    expect(table.getByRole("row", { name: /Images made, each 2 0.01 each 1/ })).toBeVisible();
  });

  it("names an estimate, and what waits for somebody to look at it", () => {
    show({ call: { ...success.call, certainty: "estimated", billing: "quarantined" } });
    expect(said("Usage")).toMatch(/^Estimated/);
    expect(said("Charged")).toMatch(/^Not yet/);
  });

  it("tells what somebody decided about a call that nobody believed, and why", () => {
    const { cost: _, ...doubted } = success;
    const call = { ...success.call, billing: "reviewed", cost_usd: "0.5" } as const;
    const review = { at: "2026-11-24T10:00:00Z", reason: "as <b>measured</b> here" };
    const { rerender } = render(<TraceView trace={{ ...doubted, call, review }} />);
    expect(said("Charged")).toMatch(/^Yes, by hand/);
    expect(said("Reason")).toBe("as <b>measured</b> here");
    expect(said("Lines")).toMatch(/what an operator decided/);
    const table = within(screen.getByRole("table", { name: "Cost" }));
    expect(table.getByText("$0.5000")).toBeVisible();
    const waived = { ...call, billing: "waived", cost_usd: "0" } as const;
    rerender(<TraceView trace={{ ...doubted, call: waived, review }} />);
    expect(said("Charged")).toMatch(/^No: an operator/);
    const { cost_usd: __, ...unpaid } = call;
    rerender(<TraceView trace={{ ...doubted, call: { ...unpaid, billing: "quarantined" } }} />);
    expect(said("Charged")).toMatch(/^Not yet/);
    expect(screen.queryByText(/No price is known/)).toBeNull();
  });

  it("tells a call that was lost with what was charged for it", () => {
    const { cost: _, price: __, ...rest } = success;
    render(
      <TraceView
        trace={{
          ...rest,
          call: {
            ...success.call,
            usage: noUsage,
            certainty: "estimated",
            billing: "charged",
            cost_usd: "0.002",
          },
        }}
      />,
    );
    expect(said("Usage")).toMatch(/^Lost: the server went away/);
    expect(
      within(screen.getByRole("table", { name: "Cost" })).getByText("$0.002000"),
    ).toBeVisible();
    expect(screen.queryByText(/nothing is charged/)).toBeNull();
  });

  it("tells which plan paid, and what the balance had to", () => {
    show({
      call: { ...success.call, billing: "charged" },
      paid_by: [{ plan: "Basic", usd: "0.002" }, { usd: "0.0005" }],
    });
    expect(said("Charged")).toBe("Yes: $0.002 by the plan Basic. $0.0005 by the balance.");
  });

  it("says nothing of charges where nobody pays", () => {
    show({});
    expect(said("Charged")).toBeUndefined();
  });
});

it("says that a break in the middle cannot be mended", () => {
  render(<TraceView trace={failed.brokenMidway} />);
  expect(screen.getByText(/After the first byte no other channel can take over/)).toBeVisible();
});

it("tells a mismatch of models and losses of a translation", () => {
  const { rerender } = render(<TraceView trace={answered.mismatch} />);
  expect(screen.getByText("Mismatch")).toBeVisible();
  rerender(<TraceView trace={answered.translated} />);
  expect(screen.getByText("tools[2].cache_control")).toBeVisible();
  expect(screen.getByText("left out")).toBeVisible();
  expect(screen.getByText("caching is automatic there")).toBeVisible();
  expect(screen.getByText(/the client speaks .*, the upstream/)).toBeVisible();
});

it("explains the choice on its own, for the routing test", () => {
  render(<DecisionView decision={decision(considered)} />);
  expect(screen.getByText("8 considered, 3 to try")).toBeVisible();
  expect(screen.getByText("does not speak Responses")).toBeVisible();
  expect(screen.getByText(/resting until .* \(rate limit\)/)).toBeVisible();
  const order = within(screen.getByRole("table", { name: "Order to try" })).getAllByRole("row");
  expect(order[1]).toHaveTextContent(/1pro-1.*75%/);
});

it("offers only the actions that lead somewhere, and copies the report", async () => {
  const user = userEvent.setup();
  render(
    <TraceView trace={answered.fallback} links={{ self: "/usage?req=1", similar: "/usage" }} />,
  );
  expect(screen.queryByRole("link", { name: "Re-run in routing test" })).toBeNull();
  expect(screen.getByRole("link", { name: "Similar requests" })).toHaveAttribute("href", "/usage");
  await user.click(screen.getByRole("button", { name: "Copy report" }));
  expect(await navigator.clipboard.readText()).toMatch(/^## Request 01890a5d/);
  await user.click(screen.getByRole("button", { name: "Copy link" }));
  expect(await navigator.clipboard.readText()).toMatch(/^https?:\/\/.+\/usage\?req=1$/);
});

describe("the panel", () => {
  const common = { requestId: "req-1", onClose: vi.fn() };

  it("goes on and back with J and K, opens in full with F, closes with Esc", async () => {
    const acts = { onNext: vi.fn(), onPrevious: vi.fn(), onFull: vi.fn(), onClose: vi.fn() };
    render(<TracePanel requestId="req-1" trace={answered.success} {...acts} />);
    await userEvent.keyboard("jkf");
    expect(acts.onNext).toHaveBeenCalledOnce();
    expect(acts.onPrevious).toHaveBeenCalledOnce();
    expect(acts.onFull).toHaveBeenCalledOnce();
    await userEvent.keyboard("{Escape}");
    expect(acts.onClose).toHaveBeenCalledOnce();
  });

  it("leaves letters alone that are meant for something else", async () => {
    const onNext = vi.fn();
    render(<TracePanel {...common} trace={answered.success} onNext={onNext} />);
    await userEvent.keyboard("{Control>}j{/Control}");
    expect(onNext).not.toHaveBeenCalled();
  });

  it("says what is under way, and what failed", async () => {
    const onRetry = vi.fn();
    const { rerender } = render(<TracePanel {...common} trace={undefined} />);
    expect(screen.getByText("Loading the request")).toBeInTheDocument();
    rerender(
      <TracePanel {...common} trace={undefined} error={new Error("no")} onRetry={onRetry} />,
    );
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(onRetry).toHaveBeenCalledOnce();
  });

  it("is closed without a request", () => {
    render(<TracePanel requestId={undefined} trace={undefined} onClose={vi.fn()} />);
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});
