import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { Margin, MarginPart, MarginReport } from "@/api/types";
import { saveFile } from "@/components/save-file";
import { setLanguage } from "@/i18n";
import { features, me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { sortedMargins } from "./margin-rows";

vi.mock("@/components/save-file", () => ({ saveFile: vi.fn() }));

const billing = { features: features({ billing: true }) };

const margin = (changes: Partial<Margin> = {}): Margin => ({
  calls: 10,
  revenue_usd: "10",
  upstream_cost_usd: "6",
  margin_usd: "4",
  margin_share: 0.4,
  uncosted_calls: 0,
  uncosted_revenue_usd: "0",
  ...changes,
});

const part = (key: string, label: string, changes: Partial<Margin> = {}): MarginPart => ({
  key,
  label,
  ...margin(changes),
});

const losing = part("ch_2", "backup", {
  revenue_usd: "1",
  upstream_cost_usd: "1.5",
  margin_usd: "-0.5",
  margin_share: -0.5,
});
const { margin_share: _, ...nothing } = margin();
const unknown: MarginPart = {
  ...nothing,
  key: "ch_3",
  label: "mystery",
  revenue_usd: "7",
  upstream_cost_usd: "0",
  margin_usd: "0",
  uncosted_calls: 3,
  uncosted_revenue_usd: "7",
};

const report = (changes: Partial<MarginReport> = {}): MarginReport => ({
  since: "2026-11-01T00:00:00Z",
  until: "2026-12-01T00:00:00Z",
  total: margin({ calls: 23, uncosted_calls: 3, uncosted_revenue_usd: "7" }),
  items: [part("ch_1", "main"), unknown, losing],
  more: false,
  ...changes,
});

function open(
  path = "/admin/margin",
  {
    answer = report(),
    who = root(billing),
  }: { answer?: MarginReport; who?: ReturnType<typeof me> } = {},
) {
  const asked: URLSearchParams[] = [];
  const files: URLSearchParams[] = [];
  const handlers = [
    http.get("/api/admin/margin", ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json(answer);
    }),
    http.get("/api/admin/margin/export", ({ request }) => {
      files.push(new URL(request.url).searchParams);
      return new HttpResponse("key,name", { headers: { "content-type": "text/csv" } });
    }),
  ];
  return { asked, files, ...renderPage(path, { me: who, handlers }) };
}

const grid = async () => within(await screen.findByRole("grid", { name: "Margin" }));

describe("margins", () => {
  afterEach(() => setLanguage("en"));

  it("tell what was charged, what vendors are paid and what is left, by channel", async () => {
    const { asked } = open();
    const rows = await grid();
    const main = await rows.findByRole("row", { name: /main/ });
    expect(main).toHaveTextContent(/\$10\.00.*\$6\.00.*\$4\.00.*40%/);
    expect(rows.getByRole("row", { name: /backup/ })).toHaveTextContent(/-\$0\.5000.*-50%/);
    const sums = within(screen.getByRole("list", { name: "All calls of this time" }));
    expect(sums.getByText("$4.00")).toBeVisible();
    expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({ by: "channel", limit: "500" });
    expect(asked[0]?.get("tz")).toBeNull();
  });

  it("never take what nobody knows for nothing, and say what to do about it", async () => {
    open();
    const rows = await grid();
    const mystery = await rows.findByRole("row", { name: /mystery/ });
    expect(within(mystery).getAllByText("Nobody said what these calls cost")).toHaveLength(3);
    expect(mystery).not.toHaveTextContent("$0.00");
    expect(screen.getByText("Of 3 calls nobody knows the upstream cost")).toBeVisible();
    expect(screen.getByRole("link", { name: "To the channels" })).toHaveAttribute(
      "href",
      "/admin/channels",
    );
  });

  it("lead to the calls of a part", async () => {
    open();
    const link = await (await grid()).findByRole("link", { name: "main" });
    const address = new URL(link.getAttribute("href") ?? "", "http://localhost");
    expect(address.pathname).toBe("/admin/requests");
    expect(address.searchParams.get("f")).toBe("channel:ch_1");
  });

  it("are told apart by what the address says, in days of the reader", async () => {
    const reader = root({ ...billing, preferences: { time_zone: "Asia/Tokyo" } });
    const { asked, user, pages } = open("/admin/margin?by=day&t=7d", { who: reader });
    await grid();
    expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({ by: "day", tz: "Asia/Tokyo" });
    await user.click(screen.getByRole("radio", { name: "Model" }));
    await waitFor(() => expect(asked.at(-1)?.get("by")).toBe("model"));
    expect(pages.state.location.search).toEqual({ by: "model", t: "7d" });
  });

  it("are saved as a file of all rows", async () => {
    const { files, user } = open("/admin/margin?by=user");
    await grid();
    await user.click(screen.getByRole("button", { name: "Export" }));
    await user.click(await screen.findByRole("menuitem", { name: "CSV" }));
    await waitFor(() => expect(saveFile).toHaveBeenCalled());
    expect(files[0]?.get("by")).toBe("user");
    expect(files[0]?.get("limit")).toBeNull();
  });

  it("say that there are none", async () => {
    open("/admin/margin", {
      answer: report({ items: [], total: { ...nothing, calls: 0, revenue_usd: "0" } }),
    });
    expect(await screen.findByText("No calls in this time")).toBeVisible();
    expect(screen.queryByText(/nobody knows the upstream cost/)).toBeNull();
  });

  it("that cannot be loaded say why, and can be asked for again", async () => {
    const failing = http.get("/api/admin/margin", () => problem(500, "internal"), { once: true });
    const good = http.get("/api/admin/margin", () => HttpResponse.json(report()));
    const { user } = renderPage("/admin/margin", { me: root(billing), handlers: [failing, good] });
    expect(await screen.findByText("Something failed inside the server.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await (await grid()).findByText("main")).toBeVisible();
  });

  it("are for those who read everyone's usage, where calls are paid for", async () => {
    const { asked } = open("/admin/margin", { who: me(billing) });
    expect(await screen.findByRole("heading", { level: 1 })).not.toHaveTextContent("Margin");
    expect(asked).toEqual([]);
  });

  it("are shown to admins too", async () => {
    const admin = me({ ...billing, role: "admin", permissions: operatorPermissions });
    open("/admin/margin", { who: admin });
    expect(await (await grid()).findByText("main")).toBeVisible();
  });

  it("are no page where nobody pays for calls", async () => {
    open("/admin/margin", { who: root() });
    expect(await screen.findByText("This is switched off")).toBeVisible();
  });

  it("read as they should in Chinese", async () => {
    await setLanguage("zh-CN");
    open();
    expect(await screen.findByRole("heading", { level: 1, name: "毛利" })).toBeVisible();
    expect(await screen.findByText("有 3 次调用的上游成本未知")).toBeVisible();
  });
});

it("rows of margins are sorted by their exact values", () => {
  const { items } = report();
  const keys = (sort: string | undefined) => sortedMargins(items, sort).map(({ key }) => key);
  expect(keys(undefined)).toEqual(["ch_1", "ch_3", "ch_2"]);
  expect(keys("margin")).toEqual(["ch_2", "ch_3", "ch_1"]);
  expect(keys("-revenue")).toEqual(["ch_1", "ch_3", "ch_2"]);
  expect(keys("label")).toEqual(["ch_2", "ch_1", "ch_3"]);
  expect(keys("colour")).toEqual(["ch_1", "ch_3", "ch_2"]);
});
