import { screen, within } from "@testing-library/react";
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
    http.get("/api/tokens", () => HttpResponse.json({ items, approx_total: items.length })),
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
