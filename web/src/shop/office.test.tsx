import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { OrderView, PaymentChannelView } from "@/api/types";
import { features, me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";

const billing = { features: features({ billing: true }) };

const order = (changes: Partial<OrderView> = {}): OrderView => ({
  id: "or_1",
  kind: "top_up",
  amount: "50.00",
  currency: "CNY",
  value_usd: "7",
  bonus_usd: "0",
  state: "cancelled",
  payment_channel_id: "py_1",
  payment_channel: "Card",
  test: false,
  office: {
    user_id: "us_1",
    username: "ana",
    attention: "paid_after_close",
    returned: "0.00",
    refunded: "0.00",
  },
  created_at: "2026-11-20T08:00:00Z",
  updated_at: "2026-11-20T08:00:00Z",
  ...changes,
});

const channel = (changes: Partial<PaymentChannelView> = {}): PaymentChannelView => ({
  id: "py_1",
  name: "Card",
  kind: "stripe",
  enabled: true,
  test_mode: false,
  notify_url: "https://realms.example/api/pay/py_1/notify",
  created_at: "2026-11-20T08:00:00Z",
  updated_at: "2026-11-20T08:00:00Z",
  ...changes,
});

function open(path: string, who = root(billing)) {
  const sent: { what: string; body: unknown }[] = [];
  const asked: string[] = [];
  const keep = async (request: Request) => {
    const { pathname } = new URL(request.url);
    sent.push({ what: `${request.method} ${pathname}`, body: await request.json() });
  };
  const handlers = [
    http.get("/api/admin/orders", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items: [order()] });
    }),
    http.post("/api/admin/orders/:id/:decision", async ({ request }) => {
      await keep(request);
      return HttpResponse.json(order({ state: "paid" }));
    }),
    http.get("/api/admin/payment-channels", () => HttpResponse.json({ items: [channel()] })),
    http.post("/api/admin/payment-channels", async ({ request }) => {
      await keep(request);
      return HttpResponse.json(channel({ id: "py_2" }), { status: 201 });
    }),
    http.patch("/api/admin/payment-channels/:id", async ({ request }) => {
      await keep(request);
      return HttpResponse.json(channel({ enabled: false }));
    }),
  ];
  return { sent, asked, ...renderPage(path, { me: who, handlers }) };
}

describe("everyone's orders", () => {
  it("tell whose they are and why somebody must look, and root decides with a reason", async () => {
    const { sent, asked, user } = open("/admin/orders");
    const grid = within(await screen.findByRole("grid", { name: "Orders" }));
    expect(await grid.findByText("ana")).toBeVisible();
    expect(grid.getByText("paid after it was closed")).toBeVisible();
    await user.click(screen.getByRole("radio", { name: "To look at" }));
    await waitFor(() => expect(asked.at(-1)).toContain("attention=true"));
    await user.click(await grid.findByRole("button", { name: /or_1/ }));
    expect(screen.queryByRole("menuitem", { name: "Refund" })).toBeNull();
    await user.click(await screen.findByRole("menuitem", { name: "Approve" }));
    const form = within(await screen.findByRole("dialog"));
    await user.click(form.getByRole("button", { name: "Approve" }));
    expect(await form.findAllByText("Fill this in.")).not.toHaveLength(0);
    await user.type(form.getByLabelText("Reason"), "the bank says so");
    await user.click(form.getByRole("button", { name: "Approve" }));
    await waitFor(() =>
      expect(sent).toEqual([
        { what: "POST /api/admin/orders/or_1/approve", body: { reason: "the bank says so" } },
      ]),
    );
  });

  it("are only looked at by admins", async () => {
    open("/admin/orders", me({ permissions: ["operate"], ...billing }));
    const grid = within(await screen.findByRole("grid", { name: "Orders" }));
    expect(await grid.findByText("ana")).toBeVisible();
    expect(grid.queryByRole("button", { name: /or_1/ })).toBeNull();
  });
});

describe("payment channels", () => {
  it("are made with what their gateway needs, and told where to tell", async () => {
    const { sent, user } = open("/admin/payment-channels?make=true");
    const sheet = within(await screen.findByRole("dialog", { name: "New payment channel" }));
    await user.type(sheet.getByLabelText("Name"), "Card");
    await user.type(sheet.getByLabelText("Webhook signing secret"), "whsec_1");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    expect(await sheet.findAllByText("Fill this in.")).not.toHaveLength(0);
    await user.type(sheet.getByLabelText("Secret key"), "sk_live_1");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    expect(await sheet.findByText(/Add this endpoint at Stripe/)).toBeVisible();
    expect(sent[0]?.body).toEqual({
      name: "Card",
      kind: "stripe",
      test_mode: false,
      gateway: { call_secret: "sk_live_1", sign_secret: "whsec_1" },
    });
  });

  it("are renamed, and set up anew as a whole or not at all", async () => {
    const { sent, user } = open("/admin/payment-channels");
    await user.click(await screen.findByRole("button", { name: /Card/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Change" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Card" }));
    await user.type(sheet.getByLabelText("Name"), "s");
    await user.type(sheet.getByLabelText("Secret key"), "sk_live_2");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    expect(await sheet.findByText("Fill this in.")).toBeVisible();
    expect(sent).toEqual([]);
    await user.clear(sheet.getByLabelText("Secret key"));
    await user.click(sheet.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Cards is changed")).toBeVisible();
    expect(sent).toEqual([
      { what: "PATCH /api/admin/payment-channels/py_1", body: { name: "Cards" } },
    ]);
  });

  it("are switched off, and are root's alone", async () => {
    const { sent, user } = open("/admin/payment-channels");
    await user.click(await screen.findByRole("button", { name: /Card/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Disable" }));
    expect(await screen.findByText(/Card takes no more orders/)).toBeVisible();
    expect(sent).toEqual([
      { what: "PATCH /api/admin/payment-channels/py_1", body: { enabled: false } },
    ]);
  });
});
