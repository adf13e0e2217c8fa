import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { QuarantinedCall } from "@/api/types";
import { balance } from "@/balance/balance-fixture";
import { features, me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { call } from "@/test/usage-fixtures";

const billing = { features: features({ billing: true }) };
const { cost_usd: _, ...unpaid } = call();
const request = unpaid.request_id;

const doubted = (changes: Partial<QuarantinedCall> = {}): QuarantinedCall => ({
  call: {
    ...unpaid,
    channel: "main",
    billing: "quarantined",
    usage: { ...unpaid.usage, input: 900_000_000 },
  },
  doubt: "tokens",
  would_cost_usd: "1125.00001",
  ...changes,
});

const decided = doubted({
  call: { ...doubted().call, billing: "reviewed", cost_usd: "0.5" },
  review: { at: "2026-11-24T10:00:00Z", by: "boss", reason: "as measured here" },
});

interface Server {
  items?: QuarantinedCall[];
  who?: ReturnType<typeof me>;
  /** How it answers a decision. */
  answer?: () => ReturnType<typeof problem>;
}

function open({ items = [doubted()], who = root(billing), answer }: Server = {}) {
  const sent: { what: string; body: unknown }[] = [];
  const asked: string[] = [];
  const handlers = [
    http.get("/api/admin/quarantine", ({ request: { url } }) => {
      const { search } = new URL(url);
      asked.push(search);
      return HttpResponse.json({ items: search.includes("decided") ? [decided] : items });
    }),
    http.post("/api/admin/quarantine/:id/:decision", async ({ request: given }) => {
      const { pathname } = new URL(given.url);
      sent.push({ what: pathname, body: await given.json() });
      return answer?.() ?? HttpResponse.json(decided);
    }),
    http.get("/api/admin/users/ana/balance", () =>
      HttpResponse.json(balance({ available_usd: "0.2" })),
    ),
  ];
  return { sent, asked, ...renderPage("/admin/quarantine", { me: who, handlers }) };
}

const grid = async () => within(await screen.findByRole("grid", { name: "Usage to review" }));

async function choose(user: ReturnType<typeof open>["user"], verb: string) {
  const rows = await grid();
  await user.click(await rows.findByRole("button", { name: new RegExp(request) }));
  await user.click(await screen.findByRole("menuitem", { name: new RegExp(`^${verb}`) }));
  return within(await screen.findByRole("dialog"));
}

describe("calls whose usage cannot be true", () => {
  it("tell whose they are, why nobody believes them, and what they would have cost", async () => {
    open();
    const rows = await grid();
    expect(await rows.findByText("ana")).toBeVisible();
    expect(rows.getByText("laptop")).toBeVisible();
    expect(rows.getByText("main")).toBeVisible();
    expect(rows.getByText("Too many tokens")).toBeVisible();
    expect(rows.getByText("$1,125.00")).toBeVisible();
    expect(rows.getByText("900M")).toBeVisible();
  });

  it("are waived with a reason", async () => {
    const { sent, user } = open();
    const form = await choose(user, "Waive");
    expect(form.queryByLabelText("Amount")).toBeNull();
    await user.click(form.getByRole("button", { name: "Waive" }));
    expect(await form.findAllByText("Fill this in.")).not.toHaveLength(0);
    await user.type(form.getByLabelText("Reason"), "a mistake of the vendor");
    await user.click(form.getByRole("button", { name: "Waive" }));
    await waitFor(() =>
      expect(sent).toEqual([
        {
          what: `/api/admin/quarantine/${request}/waive`,
          body: { reason: "a mistake of the vendor" },
        },
      ]),
    );
    expect(await screen.findByText("The call is waived")).toBeVisible();
  });

  it("are charged an amount, and no more than they would have cost", async () => {
    const { sent, user } = open();
    const form = await choose(user, "Charge");
    await user.type(form.getByLabelText("Reason"), "as measured here");
    await user.type(form.getByLabelText("Amount"), "1125.000011");
    await user.click(form.getByRole("button", { name: /^Charge/ }));
    expect(await form.findAllByText(/would not have cost more/)).not.toHaveLength(0);
    await user.clear(form.getByLabelText("Amount"));
    await user.type(form.getByLabelText("Amount"), "0");
    expect(await form.findAllByText(/waive the call/)).not.toHaveLength(0);
    await user.clear(form.getByLabelText("Amount"));
    await user.type(form.getByLabelText("Amount"), "0.5");
    expect(sent).toEqual([]);
    await user.click(form.getByRole("button", { name: "Charge $0.50" }));
    await waitFor(() =>
      expect(sent).toEqual([
        {
          what: `/api/admin/quarantine/${request}/charge`,
          body: { reason: "as measured here", amount_usd: "0.5" },
        },
      ]),
    );
    expect(await screen.findByText("The call is charged")).toBeVisible();
  });

  it("say why nothing was charged: too little is there, or somebody was faster", async () => {
    const { user } = open({ answer: () => problem(409, "conflict") });
    const form = await choose(user, "Charge");
    await user.type(form.getByLabelText("Reason"), "as measured here");
    await user.type(form.getByLabelText("Amount"), "0.5");
    await user.click(form.getByRole("button", { name: "Charge $0.50" }));
    expect(await form.findByText(/only \$0.20 is available/)).toBeVisible();
    await user.clear(form.getByLabelText("Amount"));
    await user.type(form.getByLabelText("Amount"), "0.1");
    await user.click(form.getByRole("button", { name: "Charge $0.10" }));
    expect(await form.findByText(/Somebody has decided about this call/)).toBeVisible();
  });

  it("cannot be charged where nobody can say what they would cost", async () => {
    const { would_cost_usd: __, ...beyond } = doubted({ doubt: "amount" });
    const { user } = open({ items: [beyond] });
    const rows = await grid();
    await user.click(await rows.findByRole("button", { name: new RegExp(request) }));
    expect(await screen.findByRole("menuitem", { name: /^Charge/ })).toHaveAttribute(
      "aria-disabled",
      "true",
    );
  });

  it("are told with what was decided, and are not decided about again", async () => {
    const { asked, user } = open();
    await grid();
    await user.click(screen.getByRole("radio", { name: "Decided" }));
    await waitFor(() => expect(asked.at(-1)).toContain("decided=true"));
    const rows = await grid();
    expect(await rows.findByText("as measured here")).toBeVisible();
    expect(rows.getByText("boss")).toBeVisible();
    expect(rows.queryByRole("button", { name: new RegExp(request) })).toBeNull();
  });

  it("are only looked at by admins", async () => {
    open({ who: me({ permissions: ["operate"], ...billing }) });
    const rows = await grid();
    expect(await rows.findByText("ana")).toBeVisible();
    expect(rows.queryByRole("button", { name: new RegExp(request) })).toBeNull();
  });

  it("are none most of the time", async () => {
    open({ items: [] });
    expect(await screen.findByText("Nothing to review")).toBeVisible();
  });

  it("can be asked for again where the server failed", async () => {
    const handlers = [http.get("/api/admin/quarantine", () => problem(500, "internal"))];
    renderPage("/admin/quarantine", { me: root(billing), handlers });
    expect(await screen.findByRole("button", { name: "Try again" })).toBeVisible();
  });
});
