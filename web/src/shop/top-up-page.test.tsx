import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http, type RequestHandler } from "msw";
import { describe, expect, it, vi } from "vitest";

import type { OrderView, TopUpOffer } from "@/api/types";
import { features, me } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { leaveFor } from "./leave";

vi.mock("./leave", () => ({ leaveFor: vi.fn() }));

const payer = me({ features: features({ billing: true }) });

const offer: TopUpOffer = {
  currencies: {
    CNY: {
      credit_usd: "0.14",
      minimum: "10.00",
      presets: ["50.00", "100.00"],
      bonuses: [{ from: "100.00", extra: "0.1" }],
    },
    USD: { credit_usd: "1", minimum: "5.00", presets: [], bonuses: [] },
  },
  payment_channels: [
    { id: "py_1", name: "Card", kind: "stripe", test_mode: false },
    { id: "py_2", name: "EPay", kind: "epay", test_mode: false },
    { id: "py_3", name: "Invoice", kind: "webhook", test_mode: false },
  ],
};

const order = (changes: Partial<OrderView> = {}): OrderView => ({
  id: "or_1",
  kind: "top_up",
  amount: "100.00",
  currency: "CNY",
  value_usd: "14",
  bonus_usd: "1.4",
  state: "pending",
  payment_channel_id: "py_1",
  payment_channel: "Card",
  test: false,
  created_at: "2026-11-20T08:00:00Z",
  updated_at: "2026-11-20T08:00:00Z",
  ...changes,
});

function open({
  offers = offer,
  orders = [] as OrderView[],
  path = "/topup",
  first = [] as RequestHandler[],
} = {}) {
  const sent: { what: string; body: unknown }[] = [];
  const keep = async (request: Request) => {
    const { pathname } = new URL(request.url);
    sent.push({ what: `${request.method} ${pathname}`, body: await request.json() });
  };
  const handlers = [
    ...first,
    http.get("/api/top-up", () => HttpResponse.json(offers)),
    http.get("/api/orders", () => HttpResponse.json({ items: orders })),
    http.get("/api/orders/:id", () => HttpResponse.json(orders[0])),
    http.post("/api/orders", async ({ request }) => {
      await keep(request);
      return HttpResponse.json(order(), { status: 201 });
    }),
    http.post("/api/orders/:id/pay", async ({ request }) => {
      await keep(request);
      return HttpResponse.json({ url: "https://pay.example/1" });
    }),
    http.post("/api/orders/:id/cancel", async ({ request }) => {
      await keep(request);
      return HttpResponse.json(order({ state: "cancelled" }));
    }),
  ];
  return { sent, ...renderPage(path, { me: payer, handlers }) };
}

describe("topping up", () => {
  it("says what comes to the balance, makes the order, and leaves for the gateway", async () => {
    const { sent, user } = open();
    const amount = await screen.findByRole("textbox", { name: "Amount" });
    expect(amount).toHaveValue("50.00");
    expect(screen.getByText("$7.00 comes to your balance.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "100.00" }));
    expect(screen.getByText("$15.40 comes to your balance, $1.40 of it as a bonus.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Pay" }));
    await waitFor(() => expect(leaveFor).toHaveBeenCalledWith("https://pay.example/1"));
    const wish = { amount: "100.00", currency: "CNY", payment_channel_id: "py_1" };
    expect(sent).toEqual([
      { what: "POST /api/orders", body: wish },
      { what: "POST /api/orders/or_1/pay", body: {} },
    ]);
  });

  it("asks how where the gateway has several ways, and refuses too little before sending", async () => {
    const { sent, user } = open();
    await user.selectOptions(await screen.findByLabelText("Pay by"), "EPay");
    await user.click(screen.getByRole("radio", { name: "WeChat Pay" }));
    await user.clear(screen.getByRole("textbox", { name: "Amount" }));
    await user.type(screen.getByRole("textbox", { name: "Amount" }), "9.99");
    await user.click(screen.getByRole("button", { name: "Pay" }));
    expect(await screen.findAllByText("At least 10.00 CNY.")).not.toHaveLength(0);
    expect(sent).toEqual([]);
    await user.clear(screen.getByRole("textbox", { name: "Amount" }));
    await user.type(screen.getByRole("textbox", { name: "Amount" }), "20");
    await user.click(screen.getByRole("button", { name: "Pay" }));
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]?.body).toEqual({ method: "wxpay" });
  });

  it("tells the number of an order that is paid elsewhere", async () => {
    const { user } = open();
    await user.selectOptions(await screen.findByLabelText("Pay by"), "Invoice");
    await user.click(screen.getByRole("button", { name: "Order" }));
    expect(await screen.findByText(/Order or_1 waits for its payment/)).toBeVisible();
  });

  it("says so where nothing can be bought", async () => {
    open({ offers: { currencies: {}, payment_channels: [] } });
    expect(await screen.findByText("Top-ups are not open here")).toBeVisible();
    expect(await screen.findByText("No orders yet")).toBeVisible();
  });

  it("shows what the server refuses", async () => {
    const refused = http.post("/api/orders", () => problem(409, "conflict"));
    const { user } = open({ first: [refused] });
    await user.click(await screen.findByRole("button", { name: "Pay" }));
    expect(await screen.findByRole("alert")).toBeVisible();
  });
});

describe("one's orders", () => {
  it("are paid or cancelled while they wait", async () => {
    const orders = [order(), order({ id: "or_2", amount: "10.00", state: "paid" })];
    const { sent, user } = open({ orders });
    const grid = within(await screen.findByRole("grid", { name: "Orders" }));
    expect(await grid.findByText("Waits for payment")).toBeVisible();
    expect(grid.getByText("Paid")).toBeVisible();
    await user.click(grid.getByRole("button", { name: /100.00 CNY/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Cancel the order" }));
    await waitFor(() => expect(sent).toEqual([{ what: "POST /api/orders/or_1/cancel", body: {} }]));
  });
});

describe("coming back from the gateway", () => {
  it("tells what the server knows, not what the address says", async () => {
    open({ path: "/pay/or_1/success", orders: [order()] });
    expect(await screen.findByText(/Waiting for the gateway to confirm/)).toBeVisible();
  });

  it("says that it has arrived", async () => {
    open({ path: "/pay/or_1/cancel", orders: [order({ state: "paid" })] });
    expect(await screen.findByText("It has arrived: $15.40 is on your balance.")).toBeVisible();
  });

  it("says so of time of a plan, and leads to the plans", async () => {
    const bought = order({ kind: "subscription", plan: "Basic", state: "paid" });
    open({ path: "/pay/or_1/success", orders: [bought] });
    expect(await screen.findByText("It has arrived: time of Basic is yours.")).toBeVisible();
    const link = screen.getByRole("link", { name: "To your orders" });
    expect(link).toHaveAttribute("href", "/subscription");
  });
});
