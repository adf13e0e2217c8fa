import type { OrderView, PlanOffer, PlanOffers, SubscriptionView, WindowUse } from "@/api/types";

const minute = 60_000;

/** A point so many minutes from now, for a page that counts begun minutes as whole ones. */
export const inMinutes = (minutes: number) => new Date(Date.now() + minutes * minute).toISOString();

export const windowUse = (changes: Partial<WindowUse> = {}): WindowUse => ({
  per: "5h",
  limit_usd: "6",
  used_usd: "0",
  ...changes,
});

export const held = (changes: Partial<SubscriptionView> = {}): SubscriptionView => ({
  id: "su_1",
  plan: "Basic",
  plan_code: "basic",
  state: "running",
  starts_at: inMinutes(-60),
  ends_at: inMinutes(30 * 24 * 60),
  multiplier: "1",
  windows: [windowUse()],
  ...changes,
});

export const plan = (changes: Partial<PlanOffer> = {}): PlanOffer => ({
  code: "basic",
  name: "Basic",
  prices: { CNY: "12.00", USD: "1.99" },
  terms: { days: 30, limit_5h: "6", limit_30d: "40", multiplier: "0.5" },
  ...changes,
});

export const offers = (changes: Partial<PlanOffers> = {}): PlanOffers => ({
  plans: [plan()],
  payment_channels: [
    { id: "py_1", name: "Card", kind: "stripe", test_mode: false },
    { id: "py_2", name: "EPay", kind: "epay", test_mode: false },
  ],
  pay_as_you_go: true,
  ...changes,
});

export const planOrder = (changes: Partial<OrderView> = {}): OrderView => ({
  id: "or_1",
  kind: "subscription",
  plan: "Basic",
  amount: "12.00",
  currency: "CNY",
  value_usd: "1.68",
  bonus_usd: "0",
  state: "pending",
  payment_channel_id: "py_1",
  payment_channel: "Card",
  test: false,
  created_at: "2026-11-20T08:00:00Z",
  updated_at: "2026-11-20T08:00:00Z",
  ...changes,
});
