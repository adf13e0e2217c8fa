import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { Dashboard } from "@/api/types";
import { setLanguage } from "@/i18n";
import { features, me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { call } from "@/trace/fixtures/base";
import { dashboard, freshDashboard, month } from "./dashboard-fixture";
import { todayUntil } from "./queries";

vi.mock("@/chart/plot", () => ({ default: () => null })); // jsdom has no canvas

/** The server's answers in turn, the last one again and again; and what it was asked. */
function answers(...states: Dashboard[]) {
  const asked: URLSearchParams[] = [];
  const handler = http.get("/api/dashboard", ({ request }) => {
    asked.push(new URL(request.url).searchParams);
    return HttpResponse.json(states[Math.min(asked.length, states.length) - 1]);
  });
  return { handler, asked };
}

const heading = () => screen.findByRole("heading", { level: 1, name: "Dashboard" });

describe("the dashboard", () => {
  it("asks once and shows today, each figure leading to its calls", async () => {
    const { handler, asked } = answers(dashboard());
    renderPage("/dashboard", { handlers: [handler] });
    await heading();
    const today = await screen.findByRole("list", { name: "Today" });
    expect(within(today).getByText("$18.42")).toBeVisible();
    expect(within(today).getByText("8.4% less than yesterday at this time")).toBeVisible();
    expect(within(today).getByText("71%")).toBeVisible();
    const errors = within(today).getByRole("link", { name: /Errors today/ });
    const address = new URL(errors.getAttribute("href") ?? "", "http://localhost");
    expect(address.pathname).toBe("/usage");
    expect(address.searchParams.get("f")).toBe("outcome:refused,rejected,failed,broken");
    expect(address.searchParams.get("t")).toMatch(/T\d\d:00:00.000Z~/);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.get("range")).toBe("24h");
    expect(document.title).toContain("Dashboard");
  });

  it("leads from every bar to the calls it is made of", async () => {
    renderPage("/dashboard?t=7d", { handlers: [answers(dashboard()).handler] });
    const models = await screen.findByRole("list", { name: "Top models" });
    expect(within(models).getByRole("link", { name: /claude-opus-5/ })).toHaveAttribute(
      "href",
      "/usage?f=model%3Aclaude-opus-5&t=7d",
    );
    const keys = screen.getByRole("list", { name: "Top keys" });
    expect(within(keys).getByText("<img src=x onerror=alert(1)> CI")).toBeVisible();
    expect(
      within(screen.getByRole("list", { name: "Top clients" })).getByRole("link", {
        name: /Unknown/,
      }),
    ).toHaveAttribute("href", "/usage?f=client%3A_none&t=7d");
  });

  it("groups errors by cause, with a way to the last of them", async () => {
    renderPage("/dashboard", { handlers: [answers(dashboard()).handler] });
    const errors = await screen.findByRole("region", { name: "Recent errors" });
    expect(within(errors).getByText("24 calls")).toBeVisible();
    expect(within(errors).getByText("The upstream is at fault")).toBeVisible();
    expect(within(errors).getByRole("link", { name: "Refused" })).toBeVisible();
    const [last] = within(errors).getAllByRole("link", { name: "Last one" });
    expect(last).toHaveAttribute(
      "href",
      expect.stringContaining("req=01890a5d-ac96-774b-bcce-b302099a0002"),
    );
  });

  it("keeps how far back in the address and asks for it", async () => {
    const { handler, asked } = answers(dashboard());
    const { user, pages } = renderPage("/dashboard", { handlers: [handler] });
    await user.click(await screen.findByRole("radio", { name: "7 days" }));
    await waitFor(() => expect(asked.at(-1)?.get("range")).toBe("7d"));
    expect(pages.state.location.search).toEqual({ t: "7d" });
    expect(screen.getByRole("list", { name: "Today" })).toBeVisible();
  });

  it("splits spend by key when asked to", async () => {
    const asked: URLSearchParams[] = [];
    const { user } = renderPage("/dashboard", {
      handlers: [
        answers(dashboard()).handler,
        http.get("/api/usage/histogram", ({ request }) => {
          asked.push(new URL(request.url).searchParams);
          return HttpResponse.json(dashboard().calls);
        }),
      ],
    });
    await user.click(await screen.findByRole("radio", { name: "By key" }));
    expect(await screen.findByRole("figure", { name: "Spend by API key" })).toBeInTheDocument();
    expect(asked[0]?.get("by")).toBe("api_key");
    expect(asked[0]?.get("measure")).toBe("cost");
  });
});

const searchOf = (link: HTMLElement) =>
  new URL(link.getAttribute("href") ?? "", "http://localhost").searchParams;

describe("this month", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Half past ten in the morning of the 24th. */
  function open(preferences: Record<string, unknown> = {}, state = dashboard()) {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-11-24T10:30:20Z") });
    const saved: unknown[] = [];
    const rendered = renderPage("/dashboard", {
      me: me({ preferences: { time_zone: "UTC", ...preferences } }),
      handlers: [
        answers(state).handler,
        http.put("/api/me/preferences", async ({ request }) => {
          saved.push(await request.json());
          return new HttpResponse(null, { status: 204 });
        }),
      ],
    });
    return { ...rendered, saved };
  }
  const section = () => screen.findByRole("region", { name: "This month" });

  it("is told in words, each figure leading to its calls", async () => {
    open();
    const part = within(await section());
    const spent = part.getByRole("link", { name: /^\$2\d\d\.\d\d$/ });
    expect(spent).toHaveTextContent(`$${Number(month().sums.cost_usd).toFixed(2)}`);
    expect(searchOf(spent).get("t")).toBe("2026-11-01T00:00:00.000Z~2026-11-24T10:31:00.000Z");
    const dearest = searchOf(part.getByRole("link", { name: "Most expensive calls" }));
    expect(dearest.get("s")).toBe("-cost");
    expect(dearest.get("t")).toBe("2026-11-01T00:00:00.000Z~2026-11-24T10:31:00.000Z");
    const [, forecast] = part.getAllByRole("link", { name: /^\$\d{3}\.\d\d$/ });
    expect(searchOf(forecast as HTMLElement).get("t")).toBe(
      "2026-11-01T00:00:00.000Z~2026-11-24T00:00:00.000Z",
    );
    expect(part.getByText(/^Likely \$\d+\.\d\d to \$\d+\.\d\d$/)).toBeVisible();
    expect(part.getByText("None")).toBeVisible();
    expect(part.queryByText(/budget by/)).toBeNull();
  });

  it("has its figures as a table, too", async () => {
    const { user } = open({ monthly_budget_usd: "400" });
    const part = within(await section());
    await user.click(part.getByRole("button", { name: "View data" }));
    const table = part.getByRole("table", { name: "Spend of this month, day by day added up" });
    expect(within(table).getAllByRole("row")).toHaveLength(31);
    expect(within(table).getByRole("columnheader", { name: "Budget" })).toBeVisible();
    expect(within(table).getByRole("columnheader", { name: "Forecast, low" })).toBeVisible();
  });

  it("warns when it will pass the budget, and says so when it has", async () => {
    const { queries } = open({ monthly_budget_usd: "300" });
    const part = within(await section());
    expect(part.getByText(/^As it goes, the month will pass the budget by \$\d/)).toBeVisible();
    expect(part.getByRole("link", { name: /^\d\d(\.\d)?% of it spent$/ })).toBeVisible();
    queries.setQueryData(
      ["me"],
      me({ preferences: { time_zone: "UTC", monthly_budget_usd: "100.5" } }),
    );
    const by = (Number(month().sums.cost_usd) - 100.5).toFixed(2);
    expect(await part.findByText(`The budget is passed by $${by}.`)).toBeVisible();
    expect(part.queryByText(/^As it goes/)).toBeNull();
  });

  it("foresees nothing in its first days", async () => {
    open({}, dashboard({ month: month(3) }));
    const part = within(await section());
    expect(part.getByText("Too early to tell: it takes 3 whole days.")).toBeVisible();
    expect(part.queryByText(/^Likely/)).toBeNull();
  });

  it("gets a budget where it is shown, tells bad input, and loses it when emptied", async () => {
    const { user, saved } = open({ monthly_budget_usd: "nonsense" });
    const part = within(await section());
    await user.click(part.getByRole("button", { name: "Set a budget" }));
    const input = await screen.findByRole("textbox", { name: "Budget for a month" });
    const save = screen.getByRole("button", { name: "Save" });
    await user.type(input, "12,5");
    await user.click(save);
    expect(input).toHaveAccessibleDescription(/A decimal number, like 1.25./);
    await user.clear(input);
    await user.type(input, "0.00");
    await user.click(save);
    expect(input).toHaveAccessibleDescription(/More than 0/);
    expect(saved).toEqual([]);
    await user.clear(input);
    await user.type(input, " 500.25 ");
    await user.click(save);
    expect(await part.findByText("$500.25")).toBeVisible();
    expect(saved).toEqual([{ time_zone: "UTC", monthly_budget_usd: "500.25" }]);
    expect(screen.queryByRole("textbox")).toBeNull();
    await user.click(part.getByRole("button", { name: "Change the budget" }));
    await user.clear(await screen.findByRole("textbox", { name: "Budget for a month" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await part.findByText("None")).toBeVisible();
    expect(saved[1]).toEqual({ time_zone: "UTC" });
  });

  it("takes a budget back that could not be saved, and says so", async () => {
    const { user } = open({ monthly_budget_usd: "300" });
    server.use(http.put("/api/me/preferences", () => problem(500, "internal")));
    const part = within(await section());
    await user.click(part.getByRole("button", { name: "Change the budget" }));
    const input = await screen.findByRole("textbox", { name: "Budget for a month" });
    await user.clear(input);
    await user.type(input, "900");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Something failed inside the server.")).toBeVisible();
    expect(input).toHaveValue("900");
    expect(part.getByText("$300.00")).toBeInTheDocument();
  });
});

describe("waste", () => {
  it("leads to just the calls that were summed up", async () => {
    renderPage("/dashboard?t=7d", { handlers: [answers(dashboard()).handler] });
    const list = within(await screen.findByRole("list", { name: "Waste" }));
    const failed = searchOf(list.getByRole("link", { name: "Failed, yet cost something" }));
    expect(failed.get("f")).toBe("outcome:refused,rejected,failed,broken cost>0");
    expect(failed.get("t")).toBe("7d");
    const retried = searchOf(list.getByRole("link", { name: "More than one attempt" }));
    expect(retried.get("f")).toBe("attempts>1");
    expect(list.getByText(/^18 calls/)).toBeVisible();
    expect(list.queryByRole("link", { name: "Answered by another model" })).toBeNull();
  });

  it("is not there when there is none", async () => {
    const none = { calls: 0, cost_usd: "0" };
    const waste = { failed: none, retried: none, mismatched: none };
    renderPage("/dashboard", { handlers: [answers(dashboard({ waste })).handler] });
    await screen.findByRole("region", { name: "This month" });
    expect(screen.queryByRole("region", { name: "Waste" })).toBeNull();
  });
});

describe("someone new", () => {
  it("gets three steps instead of empty charts, and sees the last one ticked", async () => {
    const first = call({ outcome: "failed", status: 502, origin: "upstream", cause: "connect" });
    const { handler } = answers(
      freshDashboard(),
      freshDashboard({ connect: { has_key: true, has_call: false }, recent: [first] }),
    );
    const { queries } = renderPage("/dashboard", { handlers: [handler] });
    const steps = await screen.findByRole("region", { name: "Three steps to the first call" });
    expect(within(steps).getByRole("link", { name: "Create key" })).toHaveAttribute(
      "href",
      "/tokens",
    );
    expect(within(steps).getByText("Waiting for it")).toBeVisible();
    expect(screen.getByText("No calls yet")).toBeVisible();
    expect(screen.queryByRole("list", { name: "Needs you" })).toBeNull();
    await queries.invalidateQueries({ queryKey: ["dashboard"] });
    expect(await within(steps).findByText("Failed")).toBeVisible();
    expect(within(steps).getByRole("link", { name: "Show how it went" })).toHaveAttribute(
      "href",
      `/usage?req=${first.request_id}`,
    );
    expect(within(steps).queryByRole("link", { name: "Create key" })).toBeNull();
  });
});

describe("what needs someone", () => {
  const attention: Dashboard["attention"] = [
    { kind: "no_channel", params: {} },
    { kind: "failing", params: { count: "10", cause: "rate_limited" } },
    { kind: "no_key", params: {} },
  ];

  it("is said with one thing to do", async () => {
    renderPage("/dashboard", { handlers: [answers(dashboard({ attention })).handler] });
    const strip = await screen.findByRole("list", { name: "Needs you" });
    expect(within(strip).getByText("The last 10 calls all failed: rate limit.")).toBeVisible();
    expect(within(strip).getByRole("link", { name: "Show them" })).toBeVisible();
    expect(within(strip).getByRole("link", { name: "Create key" })).toBeVisible();
    expect(within(strip).getByText(/Ask whoever runs this site/)).toBeVisible();
    expect(within(strip).queryByRole("link", { name: "Set up a channel" })).toBeNull();
  });

  it("tells an operator where to mend it", async () => {
    renderPage("/dashboard", { me: root(), handlers: [answers(dashboard({ attention })).handler] });
    expect(await screen.findByRole("link", { name: "Set up a channel" })).toHaveAttribute(
      "href",
      "/admin/channels",
    );
  });
});

it("tells what went wrong, and tries again", async () => {
  const { user } = renderPage("/dashboard", {
    handlers: [http.get("/api/dashboard", () => problem(500, "internal"))],
  });
  expect(await screen.findByText("Something failed inside the server.")).toBeVisible();
  expect(screen.getByText(/req_test/)).toBeInTheDocument();
  server.use(answers(dashboard()).handler);
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("list", { name: "Today" })).toBeVisible();
});

it("has no links to a list of calls that is switched off", async () => {
  renderPage("/dashboard", {
    me: me({ features: features({ usage: false }) }),
    handlers: [answers(dashboard()).handler],
  });
  const today = await screen.findByRole("list", { name: "Today" });
  expect(within(today).queryAllByRole("link")).toEqual([]);
  for (const name of ["This month", "Waste"]) {
    const part = screen.getByRole("region", { name });
    expect(within(part).queryAllByRole("link")).toEqual([]);
  }
  expect(within(screen.getByRole("list", { name: "Recent calls" })).queryAllByRole("link")).toEqual(
    [],
  );
});

it("speaks Chinese", async () => {
  await setLanguage("zh-CN");
  renderPage("/dashboard", { handlers: [answers(dashboard()).handler] });
  expect(await screen.findByRole("heading", { level: 1, name: "仪表盘" })).toBeVisible();
  expect(await screen.findByText("今日费用")).toBeVisible();
});

it("begins today at the midnight of the reader's zone", () => {
  const at = Date.parse("2026-11-24T10:30:20Z");
  expect(todayUntil(at, "Asia/Shanghai")).toEqual({
    since: "2026-11-23T16:00:00.000Z",
    until: "2026-11-24T10:31:00.000Z",
  });
});
