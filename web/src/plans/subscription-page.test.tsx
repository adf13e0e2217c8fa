import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http, type RequestHandler } from "msw";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { OrderView, SubscriptionView } from "@/api/types";
import { formatTime } from "@/format/time";
import { setLanguage } from "@/i18n";
import { leaveFor } from "@/shop/leave";
import { features, me } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { held, inMinutes, offers, plan, planOrder, windowUse } from "./plans-fixture";

vi.mock("@/shop/leave", () => ({ leaveFor: vi.fn() }));
beforeEach(() => vi.mocked(leaveFor).mockClear());

const payer = me({ features: features({ billing: true }) });
const day = 24 * 60;

function open({
  mine = [] as SubscriptionView[],
  offered = offers(),
  orders = [] as OrderView[],
  first = [] as RequestHandler[],
} = {}) {
  const sent: { what: string; body: unknown }[] = [];
  const asked: string[] = [];
  const keep = async (request: Request) => {
    const { pathname } = new URL(request.url);
    sent.push({ what: `${request.method} ${pathname}`, body: await request.json() });
  };
  const handlers = [
    ...first,
    http.get("/api/subscriptions", () => {
      asked.push("subscriptions");
      return HttpResponse.json({ items: mine });
    }),
    http.get("/api/plans", () => HttpResponse.json(offered)),
    http.get("/api/orders", () => HttpResponse.json({ items: orders })),
    http.post("/api/plans/:code/order", async ({ request }) => {
      await keep(request);
      return HttpResponse.json(planOrder(), { status: 201 });
    }),
    http.post("/api/orders/:id/pay", async ({ request }) => {
      await keep(request);
      return HttpResponse.json({ url: "https://pay.example/1" });
    }),
  ];
  return { sent, asked, handlers, ...renderPage("/subscription", { me: payer, handlers }) };
}

const openBuying = async (user: ReturnType<typeof open>["user"]) => {
  await user.click(await screen.findByRole("button", { name: "Buy Basic" }));
  return within(await screen.findByRole("dialog", { name: "Buy Basic" }));
};

describe("what one has of plans", () => {
  it("tells what is used of each window, when it returns, and that the balance pays then", async () => {
    const windows = [
      windowUse({ used_usd: "1.5", eases_at: inMinutes(200), empty_at: inMinutes(290) }),
      windowUse({ per: "30d", limit_usd: "40", used_usd: "0" }),
    ];
    open({ mine: [held({ windows, multiplier: "0.5" })] });
    const basic = await screen.findByRole("region", { name: "Basic" });
    expect(basic).toHaveTextContent("Running");
    expect(basic).toHaveTextContent("Calls count ×0.5");
    expect(basic).toHaveTextContent(/Ends \d+ \w+ \d+, \d\d:\d\d · in 30 d/);
    const [short, long] = within(basic).getAllByRole("listitem");
    expect(short).toHaveTextContent("5 hours$1.50 of $6.00 used");
    expect(short).toHaveTextContent(/A part of it returns .* · in 3 h 20 min/);
    expect(short).toHaveTextContent(/All of it is back .* · in 4 h 50 min/);
    expect(short?.querySelector("rect")).toHaveAttribute("width", "25%");
    expect(long).toHaveTextContent("30 days$0.00 of $40.00 used");
    expect(long).not.toHaveTextContent("return");
    expect(screen.queryByText("Used up", { exact: false })).toBeNull();
    expect(screen.queryByText(/What ends first pays first/)).toBeNull();
    expect(await screen.findByText(/no room for a call, your balance pays/)).toBeVisible();
  });

  it("says in words what is used up, and that calls are refused where only plans pay", async () => {
    const back = inMinutes(61);
    const windows = [windowUse({ used_usd: "6.2", eases_at: back, empty_at: back })];
    open({ mine: [held({ windows })], offered: offers({ pay_as_you_go: false }) });
    const basic = within(await screen.findByRole("region", { name: "Basic" }));
    expect(basic.getByText("Used up ·", { exact: false })).toBeVisible();
    expect(basic.getByRole("listitem")).toHaveTextContent("$6.20 of $6.00 used");
    expect(basic.getByRole("listitem").querySelector("rect")).toHaveAttribute("width", "100%");
    expect(basic.queryByText(/The next part/)).toBeNull();
    expect(await screen.findByText(/calls are refused until there is room/)).toBeVisible();
  });

  it("stands in the order in which it pays, then what begins later, then folded what is over", async () => {
    const mine = [
      held({ id: "su_5", plan: "Later", state: "scheduled", starts_at: inMinutes(2 * day) }),
      held({ id: "su_4", plan: "Long", ends_at: inMinutes(90 * day) }),
      held({ id: "su_3", plan: "Short", ends_at: inMinutes(day) }),
      held({ id: "su_2", plan: "Gone", state: "revoked", windows: [] }),
    ];
    const { user } = open({ mine });
    const yours = within(await screen.findByRole("region", { name: "Your plans" }));
    await yours.findByRole("heading", { name: "Short" });
    const names = yours.getAllByRole("heading", { level: 3 });
    expect(names.map(({ textContent }) => textContent)).toEqual(["Short", "Long", "Later"]);
    expect(yours.getByText(/What ends first pays first/)).toBeVisible();
    const later = yours.getByRole("region", { name: "Later" });
    expect(later).toHaveTextContent(/Scheduled.*Starts .* · in 2 d/);
    const past = yours.getByText("Gone");
    expect(past).not.toBeVisible();
    await user.click(yours.getByText("Past plans"));
    expect(past).toBeVisible();
    expect(yours.getByText("Taken back")).toBeVisible();
  });

  it("explains what pays where there is none", async () => {
    open();
    expect(await screen.findByText("You have no plan")).toBeVisible();
    expect(await screen.findByText(/each call is paid by your balance/)).toBeVisible();
  });

  it("says what went wrong, keeps the plans on offer, and tries again", async () => {
    const failing = http.get("/api/subscriptions", () => problem(503, "unavailable"));
    const { handlers, user } = open({ first: [failing], mine: [held()] });
    const yours = within(await screen.findByRole("region", { name: "Your plans" }));
    const retry = await yours.findByRole("button", { name: "Try again" });
    expect(await screen.findByRole("button", { name: "Buy Basic" })).toBeVisible();
    server.use(...handlers.slice(1));
    await user.click(retry);
    expect(await screen.findByRole("region", { name: "Basic" })).toBeVisible();
  });
});

describe("buying", () => {
  it("compares the plans, orders the one that is chosen, and leaves for the gateway", async () => {
    const { sent, user } = open();
    const table = within(await screen.findByRole("table", { name: "Plans" }));
    const row = table.getByRole("row", { name: /Basic/ });
    expect(row).toHaveTextContent("12.00 CNY1.99 USD30 days$6.00 in any 5 hours");
    expect(row).toHaveTextContent("$40.00 in any 30 days×0.5");
    const dialog = await openBuying(user);
    expect(dialog.getByText("12.00 CNY")).toBeVisible();
    expect(dialog.queryByRole("radio", { name: /At once/ })).toBeNull();
    await user.selectOptions(dialog.getByLabelText("Pay by"), "EPay");
    await user.click(dialog.getByRole("radio", { name: "WeChat Pay" }));
    await user.click(dialog.getByRole("button", { name: "Pay" }));
    await waitFor(() => expect(leaveFor).toHaveBeenCalledWith("https://pay.example/1"));
    expect(sent).toEqual([
      {
        what: "POST /api/plans/basic/order",
        body: { currency: "CNY", payment_channel_id: "py_2" },
      },
      { what: "POST /api/orders/or_1/pay", body: { method: "wxpay" } },
    ]);
  });

  it("lists the plans one below the other where the page is narrow", async () => {
    const wide = window.matchMedia("all");
    const narrow = vi.spyOn(window, "matchMedia").mockImplementation((media) => ({
      ...wide,
      matches: media === "(width < 768px)",
    }));
    open();
    const list = await screen.findByRole("list", { name: "Plans" });
    expect(list).toHaveTextContent("Price12.00 CNY1.99 USDLasts30 days");
    expect(list).toHaveTextContent("Calls count×0.5");
    expect(within(list).getByRole("button", { name: "Buy Basic" })).toBeVisible();
    expect(screen.queryByRole("table", { name: "Plans" })).toBeNull();
    narrow.mockRestore();
  });

  it("offers in a currency only what takes it", async () => {
    const { sent, user } = open();
    const dialog = await openBuying(user);
    await user.selectOptions(dialog.getByLabelText("Pay by"), "EPay");
    await user.click(dialog.getByRole("radio", { name: "USD" }));
    expect(dialog.getByText("1.99 USD")).toBeVisible();
    expect(dialog.queryByRole("option", { name: "EPay" })).toBeNull();
    await user.click(dialog.getByRole("button", { name: "Pay" }));
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[0]?.body).toEqual({ currency: "USD", payment_channel_id: "py_1" });
  });

  it("asks when it begins if one has the plan, and says when the last of it ends", async () => {
    const last = inMinutes(60 * day);
    const mine = [
      held({ id: "su_2", state: "scheduled", starts_at: inMinutes(30 * day), ends_at: last }),
      held(),
    ];
    const { sent, user } = open({ mine });
    const dialog = await openBuying(user);
    await user.click(await dialog.findByRole("button", { name: "Pay" }));
    expect(await dialog.findByText("Fill this in.")).toBeVisible();
    expect(sent).toEqual([]);
    const after = dialog.getByRole("radio", { name: /After the last ends/ });
    expect(after.closest("label")).toHaveTextContent(formatTime(last, "en"));
    await user.click(after);
    await user.click(dialog.getByRole("button", { name: "Pay" }));
    await waitFor(() => expect(leaveFor).toHaveBeenCalled());
    expect(sent[0]?.body).toEqual({
      currency: "CNY",
      payment_channel_id: "py_1",
      start: "deferred",
    });
  });

  it("does not ask when it begins where only another plan runs", async () => {
    const { user } = open({ mine: [held({ plan: "Pro", plan_code: "pro" })] });
    const dialog = await openBuying(user);
    expect(await dialog.findByRole("button", { name: "Pay" })).toBeVisible();
    expect(dialog.queryByRole("radio", { name: /At once/ })).toBeNull();
  });

  it("shows what the server refuses, in the dialog", async () => {
    const refused = http.post("/api/plans/:code/order", () => problem(409, "conflict"));
    const { user } = open({ first: [refused] });
    const dialog = await openBuying(user);
    await user.click(await dialog.findByRole("button", { name: "Pay" }));
    expect(await dialog.findByRole("alert")).toBeVisible();
    expect(leaveFor).not.toHaveBeenCalled();
  });

  it("says so where nothing is offered, or nothing can be paid", async () => {
    const { unmount } = open({ offered: offers({ plans: [] }) });
    expect(await screen.findByText("No plans are offered")).toBeVisible();
    unmount();
    open({ offered: offers({ plans: [plan()], payment_channels: [] }) });
    const buy = await screen.findByRole("button", { name: "Buy Basic" });
    expect(buy).toHaveAttribute("aria-disabled", "true");
    expect(buy).toHaveAccessibleDescription("There is no way to pay here.");
  });
});

describe("a code", () => {
  it("that gives time of a plan one has asks when it begins, and is sent again", async () => {
    const bodies: unknown[] = [];
    const redeem = http.post("/api/balance/redeem", async ({ request }) => {
      const body = (await request.json()) as { start?: string };
      bodies.push(body);
      if (body.start !== undefined) return HttpResponse.json({ plan: "Basic" });
      const fields = [{ pointer: "/start", code: "needed", detail: "say when" }];
      return problem(422, "invalid", { fields });
    });
    const { asked, user } = open({ first: [redeem], mine: [held()] });
    await user.click(await screen.findByRole("button", { name: "Enter a code" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Redeem a code" }));
    expect(dialog.queryByRole("radio")).toBeNull();
    await user.type(dialog.getByLabelText("Code"), "plan-2026");
    await user.click(dialog.getByRole("button", { name: "Redeem" }));
    expect(await dialog.findAllByRole("radio")).toHaveLength(2);
    const atOnce = dialog.getByRole("radio", { name: /At once/ });
    await waitFor(() => expect(atOnce).toHaveFocus());
    expect(dialog.queryByRole("alert")).toBeNull();
    await user.click(dialog.getByRole("radio", { name: /After the last ends/ }));
    const before = asked.length;
    await user.click(dialog.getByRole("button", { name: "Redeem" }));
    expect(await screen.findByText("The code gave you time of Basic")).toBeVisible();
    expect(bodies).toEqual([{ code: "plan-2026" }, { code: "plan-2026", start: "deferred" }]);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await waitFor(() => expect(asked.length).toBeGreaterThan(before));
  });
});

describe("one's orders", () => {
  it("tell plans from top-ups", async () => {
    const { plan: _, ...topUp } = planOrder({ id: "or_2", kind: "top_up", amount: "50.00" });
    open({ orders: [planOrder(), topUp] });
    const grid = within(await screen.findByRole("grid", { name: "Orders" }));
    expect(await grid.findByRole("row", { name: /Plan Basic.*12.00 CNY/ })).toBeVisible();
    expect(grid.getByRole("row", { name: /Top-up.*50.00 CNY/ })).toBeVisible();
  });
});

describe("in Chinese", () => {
  afterEach(() => setLanguage("en"));

  it("reads as it should", async () => {
    await setLanguage("zh-CN");
    const windows = [windowUse({ used_usd: "6", empty_at: inMinutes(120) })];
    open({ mine: [held({ windows })] });
    expect(await screen.findByRole("heading", { level: 1, name: "订阅" })).toBeVisible();
    const basic = await screen.findByRole("region", { name: "Basic" });
    expect(basic).toHaveTextContent("生效中");
    expect(basic).toHaveTextContent("5 小时已用尽 · 已用 $6.00，共 $6.00");
    expect(basic).toHaveTextContent(/全部恢复于 .* · 2 h 后/);
    expect(await screen.findByRole("button", { name: "购买 Basic" })).toBeVisible();
    expect(await screen.findByText("套餐额度不足以支付某次调用时，由余额支付。")).toBeVisible();
  });
});
