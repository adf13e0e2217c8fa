import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http, type RequestHandler } from "msw";
import { afterEach, describe, expect, it } from "vitest";
import type { TicketView } from "@/api/types";
import { setLanguage } from "@/i18n";
import { features, me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { success } from "@/trace/fixtures/answered";
import { thread, ticket } from "./tickets-fixture";

const asker = me({ features: features({ tickets: true }) });

function open({
  path = "/tickets",
  items = [ticket()] as TicketView[],
  who = asker,
  first = [] as RequestHandler[],
} = {}) {
  const asked: string[] = [];
  const handlers = [
    ...first,
    http.get("/api/tickets", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items });
    }),
    http.get("/api/tickets/:id", () => HttpResponse.json(thread())),
  ];
  return { asked, ...renderPage(path, { me: who, handlers }) };
}

describe("one's tickets", () => {
  it("say whose turn it is and which have an answer that was not seen, and open", async () => {
    const answered = ticket({ id: "ti_2", subject: "A bill", state: "answered", unread: true });
    const { user, pages } = open({ items: [ticket(), answered] });
    const grid = within(await screen.findByRole("grid", { name: "Tickets" }));
    const row = await grid.findByRole("row", { name: /A bill/ });
    expect(row).toHaveTextContent("New answer: A bill");
    expect(row).toHaveTextContent("Waiting for you");
    const seen = grid.getByRole("row", { name: /Calls fail/ });
    expect(seen).toHaveTextContent("Waiting for us");
    expect(seen).not.toHaveTextContent("New answer");
    await user.click(within(seen).getByText("Calls fail"));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/tickets/ti_1"));
    expect(await screen.findByRole("heading", { level: 1, name: "Calls fail" })).toBeVisible();
  });

  it("are narrowed by their state, which stays in the address", async () => {
    const { asked, user, pages } = open();
    await screen.findByText("Calls fail");
    expect(asked).toEqual([""]);
    await user.click(screen.getByRole("radio", { name: "Closed" }));
    await waitFor(() => expect(asked.at(-1)).toBe("?state=closed"));
    expect(pages.state.location.search).toMatchObject({ f: "state:closed" });
    await user.click(screen.getByRole("radio", { name: "All" }));
    await waitFor(() => expect(pages.state.location.search).not.toHaveProperty("f"));
  });

  it("say so when there are none, lead to a new one, and try again when they cannot be had", async () => {
    let isDown = true;
    const down = http.get("/api/tickets", () =>
      isDown ? problem(503, "unavailable") : HttpResponse.json({ items: [] }),
    );
    const { user } = open({ first: [down] });
    const retry = await screen.findByRole("button", { name: "Try again" });
    isDown = false;
    await user.click(retry);
    expect(await screen.findByText("No tickets yet")).toBeVisible();
    const [link] = screen.getAllByRole("link", { name: "New ticket" });
    expect(link).toHaveAttribute("href", "/tickets/new");
  });

  it("are not there where the site has none", async () => {
    open({ who: me() });
    expect(await screen.findByText("This is switched off")).toBeVisible();
  });
});

describe("a trace", () => {
  const trace = { ...success, call: { ...success.call, user_id: "us_1" } };
  const own = http.get("/api/usage/:id", () => HttpResponse.json(trace));
  const any = http.get("/api/admin/usage/:id", () => HttpResponse.json(trace));
  const id = trace.call.request_id;

  it("of one's own call leads to a ticket about it", async () => {
    open({ path: `/usage/${id}`, first: [own] });
    const link = await screen.findByRole("link", { name: "Open a ticket" });
    expect(link).toHaveAttribute("href", `/tickets/new?request=${id}`);
  });

  it("does not on the admin's side, nor where the site has no tickets", async () => {
    const boss = root({ id: "us_1", features: features({ tickets: true }) });
    const { unmount } = open({ path: `/admin/requests/${id}`, who: boss, first: [any] });
    expect(await screen.findByRole("link", { name: "Similar requests" })).toBeVisible();
    expect(screen.queryByRole("link", { name: "Open a ticket" })).toBeNull();
    unmount();
    open({ path: `/usage/${id}`, who: me(), first: [own] });
    expect(await screen.findByRole("link", { name: "Similar requests" })).toBeVisible();
    expect(screen.queryByRole("link", { name: "Open a ticket" })).toBeNull();
  });
});

describe("in Chinese", () => {
  afterEach(() => setLanguage("en"));

  it("the list reads as it should", async () => {
    await setLanguage("zh-CN");
    open({ items: [ticket({ state: "answered", unread: true })] });
    expect(await screen.findByRole("heading", { level: 1, name: "工单" })).toBeVisible();
    const row = await screen.findByRole("row", { name: /Calls fail/ });
    expect(row).toHaveTextContent("待你处理");
    expect(row).toHaveTextContent("有新回复");
    expect(screen.getByRole("radio", { name: "等待回复" })).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "新建工单" })).toBeVisible();
  });
});
