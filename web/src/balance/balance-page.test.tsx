import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { Balance, EntryView } from "@/api/types";
import { saveFile } from "@/components/save-file";
import { setLanguage } from "@/i18n";
import { features, me } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { balance, entries, entry, hold } from "./balance-fixture";

vi.mock("@/components/save-file", () => ({ saveFile: vi.fn() }));

const payer = me({ features: features({ billing: true }) });

/** A server with this balance and these movements, two on a page. */
function site(now: Balance = balance(), all: readonly EntryView[] = entries) {
  const asked: URLSearchParams[] = [];
  const handlers = [
    http.get("/api/balance", () => HttpResponse.json(now)),
    http.get("/api/balance/entries", ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const from = Number(query.get("cursor") ?? 0);
      const next = from + 2 < all.length ? String(from + 2) : undefined;
      return HttpResponse.json({ items: all.slice(from, from + 2), next });
    }),
  ];
  return { asked, handlers };
}

const open = ({ handlers, ...rest } = site(), path = "/balance") => ({
  ...renderPage(path, { me: payer, handlers }),
  ...rest,
});

describe("what somebody has", () => {
  it("is told with what is held of it, and for which running calls", async () => {
    open();
    const now = await screen.findByRole("list", { name: "The balance now" });
    expect(now).toHaveTextContent("Available$12.35");
    expect(now).toHaveTextContent("Held$0.0800for 1 running call");
    expect(within(now).getByTitle("$12.345678")).toBeVisible();
    const running = within(screen.getByRole("table", { name: "Running calls" }));
    expect(running.getByText("gpt-5.2")).toBeVisible();
    expect(running.getByText("$0.0125")).toBeVisible();
    expect(running.getByText(/ ago$/)).toBeVisible();
    expect(running.queryByRole("link")).toBeNull();
  });

  it("is said in words where it is owed", async () => {
    open(site(balance({ available_usd: "-1.5", held_usd: "0", holds: [] })));
    expect(await screen.findByText(/\$1.50 is owed. Calls are refused/)).toBeVisible();
    expect(screen.getByText("-$1.50")).toBeVisible();
    expect(screen.getByText("No call is running.")).toBeVisible();
  });

  it("says that more calls may run than are told of", async () => {
    const holds = Array.from({ length: 100 }, (_, at) => hold({ request_id: `call-${at}` }));
    open(site(balance({ holds })));
    expect(await screen.findByText("The newest 100 are shown.")).toBeVisible();
    expect(screen.getByText("for 100 running calls or more")).toBeVisible();
  });

  it("says what went wrong, keeps the statement, and tries again", async () => {
    const { handlers } = site();
    const failing = http.get("/api/balance", () => problem(503, "unavailable"));
    const { user } = renderPage("/balance", { me: payer, handlers: [failing, ...handlers] });
    const retry = await screen.findByRole("button", { name: "Try again" });
    expect(await screen.findByText("Invoice 7", { exact: false })).toBeVisible();
    server.use(...handlers);
    await user.click(retry);
    expect(await screen.findByRole("list", { name: "The balance now" })).toBeVisible();
  });
});

describe("a code", () => {
  it("comes to the balance, and one that gives nothing says why beside the field", async () => {
    const sent: unknown[] = [];
    const redeem = http.post("/api/balance/redeem", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ amount_usd: "2.5" });
    });
    const usedUp = http.post(
      "/api/balance/redeem",
      () =>
        problem(422, "invalid", {
          fields: [{ pointer: "/code", code: "used_up", detail: "this code is used up" }],
        }),
      { once: true },
    );
    const { handlers } = site();
    const { user } = renderPage("/balance", { me: payer, handlers: [usedUp, redeem, ...handlers] });
    await user.click(await screen.findByRole("button", { name: "Redeem a code" }));
    const form = within(await screen.findByRole("dialog", { name: "Redeem a code" }));
    await user.type(form.getByLabelText("Code"), " fair-2026 ");
    await user.click(form.getByRole("button", { name: "Redeem" }));
    expect(await form.findByText("This is used up.")).toBeVisible();
    await user.click(form.getByRole("button", { name: "Redeem" }));
    expect(await screen.findByText("$2.50 came to your balance")).toBeVisible();
    expect(sent).toEqual([{ code: "fair-2026" }]);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });
});

describe("the statement", () => {
  it("tells each movement by kind, sign and reason, and goes on page by page", async () => {
    const { user, asked } = open();
    const grid = within(await screen.findByRole("grid", { name: "Movements" }));
    expect(await grid.findByText("−$0.0132")).toBeVisible();
    expect(grid.getByText("+$25.00")).toHaveClass("text-ok");
    expect(grid.getByText(/^Invoice 7 <img/)).toBeVisible();
    expect(document.querySelector("img")).toBeNull();
    expect(grid.queryByRole("columnheader", { name: "Done by" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Load more" }));
    expect(await grid.findByText("Refund")).toBeVisible();
    expect(asked.map((query) => query.get("cursor"))).toEqual([null, "2"]);
  });

  it("leads from a charge to the trace of its call", async () => {
    open();
    const link = await screen.findByRole("link", { name: /Trace of call 01990000/ });
    expect(link).toHaveAttribute("href", "/usage/01990000-0000-7000-8000-000000000001");
  });

  it("names the call without a link where calls are switched off", async () => {
    const { handlers } = site();
    renderPage("/balance", {
      me: me({ features: features({ billing: true, usage: false }) }),
      handlers,
    });
    const shown = await screen.findAllByTitle("01990000-0000-7000-8000-000000000001");
    expect(shown[0]).toBeVisible();
    expect(screen.queryByRole("link", { name: /Trace of call/ })).toBeNull();
  });

  it("opens a movement in full, and closes it again", async () => {
    const { user, pages } = open(site(balance(), [entry({ kind: "expire", id: "le_9" })]));
    await user.click(await screen.findByText("Lost call"));
    const sheet = within(await screen.findByRole("dialog", { name: "Lost call" }));
    expect(sheet.getByText(/had been metered until then/)).toBeVisible();
    expect(pages.state.location.search).toEqual({ row: "le_9" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(pages.state.location.search).toEqual({}));
  });

  it("is handed over as a file, in the one form there is", async () => {
    const { handlers } = site();
    const file = http.get("/api/balance/entries/export", () => new HttpResponse("id,at\n"));
    const { user } = open({ asked: [], handlers: [...handlers, file] });
    await user.click(await screen.findByRole("button", { name: "Export" }));
    expect(screen.getByText("The newest 10,000 movements, as a file")).toBeVisible();
    expect(screen.queryByRole("menuitem", { name: "JSON Lines" })).toBeNull();
    await user.click(screen.getByRole("menuitem", { name: "CSV" }));
    await waitFor(() => expect(saveFile).toHaveBeenCalledWith(expect.anything(), "balance.csv"));
  });

  it("explains itself while it is empty", async () => {
    open(site(balance({ available_usd: "0", held_usd: "0", holds: [] }), []));
    expect(await screen.findByText("No movements yet")).toBeVisible();
    const now = screen.getByRole("list", { name: "The balance now" });
    expect(now).toHaveTextContent("Available$0.00");
    expect(now).toHaveTextContent("for 0 running calls");
  });

  it("says what went wrong, and tries again", async () => {
    const { handlers } = site();
    const failing = http.get("/api/balance/entries", () => problem(500, "internal"));
    const { user } = renderPage("/balance", { me: payer, handlers: [failing, ...handlers] });
    const retry = await screen.findByRole("button", { name: "Try again" });
    server.use(...handlers);
    await user.click(retry);
    expect(await screen.findByText("−$0.0132")).toBeVisible();
  });
});

describe("where nobody pays", () => {
  it("there is no entry, and the address says that it is off without asking for anything", async () => {
    renderPage("/balance", { me: me() });
    expect(
      await screen.findByRole("heading", { level: 1, name: "This is switched off" }),
    ).toBeVisible();
    expect(screen.queryByRole("link", { name: "Balance" })).toBeNull();
  });
});

describe("in Chinese", () => {
  afterEach(() => setLanguage("en"));

  it("reads as it should", async () => {
    await setLanguage("zh-CN");
    open();
    expect(await screen.findByRole("heading", { level: 1, name: "余额" })).toBeVisible();
    expect(await screen.findByText("调用扣费")).toBeVisible();
  });
});
