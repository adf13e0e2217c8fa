import type { Balance, EntryView } from "@/api/types";

export const hold = (changes: Partial<Balance["holds"][number]> = {}) => ({
  request_id: "01990000-0000-7000-8000-00000000000a",
  model: "gpt-5.2",
  held_usd: "0.08",
  metered_usd: "0.0125",
  since: new Date(Date.now() - 42_000).toISOString(),
  lease_until: new Date(Date.now() + 60_000).toISOString(),
  ...changes,
});

export const balance = (changes: Partial<Balance> = {}): Balance => ({
  available_usd: "12.345678",
  held_usd: "0.08",
  holds: [hold()],
  ...changes,
});

export const entry = (changes: Partial<EntryView> = {}): EntryView => ({
  id: "le_1",
  at: "2026-11-24T09:12:30Z",
  kind: "settle",
  amount_usd: "-0.0132",
  request_id: "01990000-0000-7000-8000-000000000001",
  ...changes,
});

/** A movement of each kind, the newest first. */
export const entries: EntryView[] = [
  entry(),
  entry({
    id: "le_2",
    kind: "adjust",
    amount_usd: "25",
    reason: 'Invoice 7 <img src=x onerror="alert(1)">',
    actor: "root",
    request_id: undefined as never,
  }),
  entry({ id: "le_3", kind: "refund", amount_usd: "0.5" }),
  entry({ id: "le_4", kind: "expire", amount_usd: "-0.002" }),
  entry({
    id: "le_5",
    kind: "credit",
    amount_usd: "10",
    reference: "pay_81",
    request_id: undefined as never,
  }),
  entry({ id: "le_6", kind: "promote", amount_usd: "1", request_id: undefined as never }),
];
