import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { TokenView, UserModel } from "@/api/types";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { sums } from "@/test/usage-fixtures";

const laptop: TokenView = {
  id: "ak_1",
  name: "laptop",
  hint: "9f3a",
  enabled: true,
  status: "active",
  revealable: true,
  channel_groups: [],
  limits: {},
  rules: {},
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-01T08:00:00Z",
  usage_today: sums({ cost_usd: "0.5" }),
  usage_30d: sums({ calls: 41 }),
};

const sonnet: UserModel = {
  name: "gpt-5.2",
  owner: "OpenAI",
  dialects: ["responses", "chat"],
  multiplier: "1",
  channel_groups: ["default"],
};

function keys(items: TokenView[], more: ReturnType<typeof http.get>[] = []) {
  return [
    ...more,
    http.get("/api/budgets", () => HttpResponse.json({ budgets: [] })),
    http.get("/api/tokens", () => HttpResponse.json({ items, approx_total: items.length })),
    http.get("/api/models", () => HttpResponse.json({ items: [sonnet] })),
    http.get("/api/me/channel-groups", () =>
      HttpResponse.json({
        items: [
          { name: "pro", multiplier: "1.2" },
          { name: "std", multiplier: "1" },
        ],
      }),
    ),
  ];
}

describe("API keys", () => {
  it("makes a key, shows it once in full, and sets a client up with it", async () => {
    let sent: unknown;
    const made = http.post("/api/tokens", async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ token: laptop, key: "sk_full_key" }, { status: 201 });
    });
    const models = http.get("/api/models", () => HttpResponse.json({ items: [sonnet] }));
    const { user } = renderPage("/tokens", { handlers: keys([], [made, models]) });
    await user.click((await screen.findAllByRole("button", { name: "Create key" }))[0] as Element);
    await user.type(await screen.findByLabelText("Name"), "laptop");
    await user.click(
      within(screen.getByRole("dialog")).getByRole("button", { name: "Create key" }),
    );
    expect(await screen.findByText("sk_full_key")).toBeInTheDocument();
    expect(sent).toEqual({ name: "laptop", channel_groups: [] });
    expect(await screen.findByRole("combobox", { name: "Client" })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "I saved it" }));
    expect(screen.queryByText("sk_full_key")).not.toBeInTheDocument();
    expect(document.body).not.toHaveTextContent("sk_full_key");
  });

  it("gives a key budgets, and keeps those it does not show", async () => {
    let sent: unknown;
    const budget = { per: "90m", llm_tokens: 9_000_000_000 };
    const old: TokenView = { ...laptop, rules: { budgets: [budget] } };
    const changed = http.patch("/api/tokens/ak_1", async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json(old);
    });
    const { user } = renderPage("/tokens", { handlers: keys([old], [changed]) });
    await user.click(await screen.findByText("laptop"));
    const sheet = within(await screen.findByRole("dialog"));
    expect(sheet.getByText("9,000,000,000 LLM tokens in any 90 minutes")).toBeVisible();
    await user.click(sheet.getByText("Limits"));
    await user.click(sheet.getByRole("button", { name: "Add a budget" }));
    const amount = sheet.getByLabelText("Budget 2: at most");
    await user.type(amount, "0");
    expect(sheet.getByText("More than nothing.")).toBeVisible();
    await user.clear(amount);
    await user.click(sheet.getByRole("button", { name: "Save" }));
    expect(await sheet.findByText("Fill this in.")).toBeVisible();
    expect(sent).toBeUndefined();
    await user.type(amount, "2.5");
    await user.selectOptions(sheet.getAllByLabelText("in")[1] as Element, "a calendar day");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toBeDefined());
    expect(sent).toMatchObject({ rules: { budgets: [budget, { per: "day", usd: "2.5" }] } });
  });

  it("shows how much of each budget is used, and when it starts anew", async () => {
    const used = http.get("/api/budgets", () =>
      HttpResponse.json({
        budgets: [
          { per: "5h", usd: "20", used_usd: "17" },
          {
            api_key_id: "ak_1",
            api_key_name: "laptop",
            per: "month",
            llm_tokens: 1000,
            used_llm_tokens: 1200,
            resets_at: "2026-12-01T00:00:00Z",
          },
        ],
      }),
    );
    renderPage("/tokens", { handlers: [used, ...keys([laptop])] });
    const part = within(await screen.findByRole("region", { name: "Budgets" }));
    const [all, one] = part.getAllByRole("listitem");
    expect(all).toHaveTextContent("All keys together: $20.00 in any 5 hours$17.00 used, 85%");
    expect(one).toHaveTextContent("laptop: 1,000 LLM tokens in a calendar month1,200 used, 120%");
    expect(one).toHaveTextContent("Starts anew");
  });

  it("makes a key with limits that is good for a purpose only", async () => {
    let sent: unknown;
    const made = http.post("/api/tokens", async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ token: laptop, key: "sk_full_key" }, { status: 201 });
    });
    const models = http.get("/api/models", () => HttpResponse.json({ items: [sonnet] }));
    const { user } = renderPage("/tokens", { handlers: keys([], [made, models]) });
    await user.click((await screen.findAllByRole("button", { name: "Create key" }))[0] as Element);
    const sheet = within(await screen.findByRole("dialog"));
    await user.type(sheet.getByLabelText("Name"), "laptop");
    await user.click(sheet.getByText("Limits"));
    await user.type(sheet.getByLabelText("Requests a minute"), "60");
    await user.type(sheet.getByLabelText("Calls at once"), "2");
    expect(sheet.getByText("60 requests a minute · 2 calls at once")).toBeVisible();
    await user.click(sheet.getByText("Good for"));
    await user.type(sheet.getByLabelText("Models"), "gpt-5*{Enter}");
    await user.click(sheet.getByRole("checkbox", { name: "Messages" }));
    await user.type(sheet.getByLabelText("Programs"), "Claude Code{Enter}");
    await user.type(sheet.getByLabelText("Networks"), "203.0.113.7{Enter}");
    await user.type(sheet.getByLabelText("Or after its first call"), "30");
    expect(
      sheet.getByText(/gpt-5\* · Messages · Claude Code · 203.0.113.7\/32 · 30 days after/),
    ).toBeVisible();
    await user.click(sheet.getByRole("button", { name: "Create key" }));
    expect(await screen.findByText("sk_full_key")).toBeInTheDocument();
    expect(sent).toEqual({
      name: "laptop",
      channel_groups: [],
      limits: { requests_per_minute: 60, concurrency: 2 },
      rules: {
        models: ["gpt-5*"],
        dialects: ["messages"],
        clients: ["claude_code"],
        addresses: ["203.0.113.7/32"],
        valid_for_s: 2_592_000,
      },
    });
  });

  it("sends nothing that cannot hold, opens what is folded and says what is wrong", async () => {
    let asked = 0;
    const made = http.post("/api/tokens", () => {
      asked += 1;
      return problem(500, "internal");
    });
    const { user } = renderPage("/tokens", { handlers: keys([], [made]) });
    await user.click((await screen.findAllByRole("button", { name: "Create key" }))[0] as Element);
    const sheet = within(await screen.findByRole("dialog"));
    await user.type(sheet.getByLabelText("Name"), "laptop");
    const folds = screen.getByRole("dialog").querySelectorAll("details");
    await user.click(sheet.getByText("Limits"));
    await user.type(sheet.getByLabelText("Requests a minute"), "many");
    await user.click(sheet.getByText("Limits"));
    await user.click(sheet.getByText("Good for"));
    await user.type(sheet.getByLabelText("Networks"), "home{Enter}");
    expect(sheet.getByText(/home is no network/)).toBeVisible();
    await user.clear(sheet.getByLabelText("Networks"));
    await user.type(sheet.getByLabelText("Or after its first call"), "0");
    await user.click(sheet.getByRole("button", { name: "Create key" }));
    expect(await sheet.findByText("2 fields need a look")).toBeVisible();
    expect([...folds].map(({ open }) => open)).toEqual([true, true]);
    expect(sheet.getByLabelText("Requests a minute")).toHaveAttribute("aria-invalid", "true");
    expect(asked).toBe(0);
  });

  it("says beside its field what of the rules the server does not know", async () => {
    const refused = http.post("/api/tokens", () =>
      problem(400, "invalid", {
        fields: [
          {
            pointer: "/rules",
            code: "invalid",
            detail: "rules.clients: there is no client `cladue`, did you mean `claude_code`?",
          },
        ],
      }),
    );
    const { user } = renderPage("/tokens", { handlers: keys([], [refused]) });
    await user.click((await screen.findAllByRole("button", { name: "Create key" }))[0] as Element);
    const sheet = within(await screen.findByRole("dialog"));
    await user.type(sheet.getByLabelText("Name"), "laptop");
    await user.click(sheet.getByText("Good for"));
    await user.type(sheet.getByLabelText("Programs"), "cladue{Enter}");
    await user.click(sheet.getByRole("button", { name: "Create key" }));
    expect(await sheet.findByText(/did you mean `claude_code`/)).toBeVisible();
    expect(sheet.getByLabelText("Programs")).toHaveAttribute("aria-invalid", "true");
    expect(sheet.getByLabelText("Name")).toHaveValue("laptop");
  });

  it("shows that a key is narrowed and ended, and clears what it was narrowed to", async () => {
    const ended: TokenView = {
      ...laptop,
      status: "expired",
      ends_at: "2026-11-20T08:00:00Z",
      limits: { streams: 2 },
      rules: { models: ["gpt-5*"], expires_at: "2026-11-20T08:00:00Z" },
    };
    let sent: unknown;
    const change = http.patch("/api/tokens/ak_1", async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json(laptop);
    });
    const { user } = renderPage("/tokens", { handlers: keys([ended], [change]) });
    const row = await screen.findByRole("row", { name: /laptop/ });
    expect(row).toHaveTextContent("Narrowed");
    expect(row).toHaveTextContent("Expired");
    expect(row).toHaveTextContent(/20 Nov/);
    await user.click(within(row).getByText("laptop"));
    const sheet = within(await screen.findByRole("dialog"));
    expect(sheet.getByText("2 streams at once")).toBeVisible();
    await user.click(sheet.getByText("Limits"));
    await user.clear(sheet.getByLabelText("Streams at once"));
    await user.click(sheet.getByText("Good for"));
    expect(sheet.getByText("That is past: the key does not work.")).toBeVisible();
    await user.click(sheet.getByRole("button", { name: "Remove gpt-5*" }));
    await user.clear(sheet.getByLabelText("Ends at"));
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await expect
      .poll(() => sent)
      .toEqual({ name: "laptop", channel_groups: [], limits: {}, rules: {} });
  });

  it("shows the key even where nothing is known about clients", async () => {
    const made = http.post("/api/tokens", () =>
      HttpResponse.json({ token: laptop, key: "sk_full_key" }, { status: 201 }),
    );
    const down = http.get("/api/models", () => problem(503, "unavailable"));
    const { user } = renderPage("/tokens", { handlers: keys([], [made, down]) });
    await user.click((await screen.findAllByRole("button", { name: "Create key" }))[0] as Element);
    await user.type(await screen.findByLabelText("Name"), "laptop");
    await user.click(
      within(screen.getByRole("dialog")).getByRole("button", { name: "Create key" }),
    );
    expect(await screen.findByText("sk_full_key")).toBeInTheDocument();
    expect(await screen.findByRole("button", { name: "Try again" })).toBeInTheDocument();
  });

  it("says that a name is taken, and keeps what was typed", async () => {
    const taken = http.post("/api/tokens", () => problem(409, "conflict"));
    const { user } = renderPage("/tokens", { handlers: keys([], [taken]) });
    await user.click((await screen.findAllByRole("button", { name: "Create key" }))[0] as Element);
    await user.type(await screen.findByLabelText("Name"), "laptop");
    await user.click(
      within(screen.getByRole("dialog")).getByRole("button", { name: "Create key" }),
    );
    expect(await screen.findByText(/a key of this name/)).toBeInTheDocument();
    expect(screen.getByLabelText("Name")).toHaveValue("laptop");
  });

  it("tells in numbers what revoking means before it does it", async () => {
    let revoked = false;
    const revoke = http.post("/api/tokens/ak_1/revoke", () => {
      revoked = true;
      return HttpResponse.json({ ...laptop, status: "revoked" });
    });
    const { user } = renderPage("/tokens", { handlers: keys([laptop], [revoke]) });
    const row = await screen.findByRole("row", { name: /laptop/ });
    await user.click(within(row).getByRole("button", { name: /More|Actions/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Revoke key" }));
    const question = await screen.findByRole("dialog");
    expect(question).toHaveTextContent("41 calls in the last 30 days");
    await user.click(within(question).getByRole("button", { name: "Revoke key" }));
    await expect.poll(() => revoked).toBe(true);
  });

  it("offers the first key where there is none", async () => {
    renderPage("/tokens", { handlers: keys([]) });
    expect(await screen.findByText("No keys yet")).toBeInTheDocument();
  });
});
