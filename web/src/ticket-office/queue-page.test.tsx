import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http, type RequestHandler } from "msw";
import { describe, expect, it } from "vitest";
import type { CannedReplyView, TicketView } from "@/api/types";
import { setLanguage } from "@/i18n";
import { features, me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { sentBy, ticket } from "@/tickets/tickets-fixture";

const path = "/admin/tickets";
const canned = "/api/admin/canned-replies";
const on = { features: features({ tickets: true }) };
const hour = 60 * 60_000;
const since = (ms: number) => new Date(Date.now() - ms).toISOString();

const hello: CannedReplyView = {
  name: "hello",
  body: "Hello {{user}}",
  updated_at: "2026-11-20T08:00:00Z",
};

function open({
  address = path,
  items = [ticket({ username: "ana" })] as TicketView[],
  replies = [hello],
  who = root(on),
  first = [] as RequestHandler[],
} = {}) {
  const sent: { what: string; body: unknown }[] = [];
  const asked: string[] = [];
  const keep = async ({ request }: { request: Request }) => {
    sent.push(await sentBy(request));
    return new HttpResponse(null, { status: 204 });
  };
  const handlers = [
    ...first,
    http.get("/api/admin/tickets", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items });
    }),
    http.get(canned, () => HttpResponse.json({ items: replies })),
    http.put(`${canned}/:name`, keep),
    http.delete(`${canned}/:name`, keep),
  ];
  return { sent, asked, ...renderPage(address, { me: who, handlers }) };
}

const sheet = async (name: string) => within(await screen.findByRole("dialog", { name }));

describe("the queue", () => {
  it("shows at first who waits, since when, and who cares for it", async () => {
    const items = [
      ticket({ username: "ana", moved_at: since(2 * hour), assignee: "root" }),
      ticket({ id: "ti_2", subject: "A bill", moved_at: since(5 * hour + 60_000) }),
      ticket({ id: "ti_3", subject: "Old", moved_at: since(26 * hour) }),
      ticket({ id: "ti_4", subject: "Done", state: "answered", moved_at: since(30 * hour) }),
    ];
    const { asked } = open({ items });
    const grid = within(await screen.findByRole("grid", { name: "Tickets" }));
    const row = await grid.findByRole("row", { name: /Calls fail/ });
    expect(row).toHaveTextContent(/2 h.*ana.*Calls.*Open.*root/);
    expect(grid.getByText("2 h")).not.toHaveClass("text-warn");
    expect(grid.getByText("5 h 1 min")).toHaveClass("text-warn");
    expect(grid.getByText("1 d 2 h")).toHaveClass("text-err");
    expect(grid.getByRole("row", { name: /A bill/ })).toHaveTextContent("This user is gone");
    const done = grid.getByRole("row", { name: /Done/ });
    expect(done).toHaveTextContent(/Nobody waits for an answer.*Answered.*Nobody/);
    expect(asked).toEqual(["?state=open"]);
  });

  it("is narrowed by state, user and assignee, which stay in the address", async () => {
    const { asked, user, pages } = open();
    await screen.findByText("Calls fail");
    await user.click(screen.getByRole("radio", { name: "All" }));
    await waitFor(() => expect(asked.at(-1)).toBe(""));
    await user.type(screen.getByRole("searchbox", { name: "User name or id" }), "ana{Enter}");
    await waitFor(() => expect(asked.at(-1)).toBe("?user=ana"));
    await user.click(screen.getByRole("checkbox", { name: "Mine" }));
    await waitFor(() => expect(asked.at(-1)).toBe("?user=ana&assignee=root"));
    expect(screen.getByRole("searchbox", { name: "Assignee name or id" })).toHaveValue("root");
    expect(pages.state.location.search).toMatchObject({ f: "state:all user:ana assignee:root" });
    await user.click(screen.getByRole("checkbox", { name: "Mine" }));
    await waitFor(() =>
      expect(pages.state.location.search).toMatchObject({ f: "state:all user:ana" }),
    );
  });

  it("of somebody unknown says so, and all come back", async () => {
    const unknown = http.get("/api/admin/tickets", ({ request }) =>
      request.url.includes("user=nobody")
        ? problem(404, "not_found")
        : HttpResponse.json({ items: [ticket()] }),
    );
    const { user } = open({ address: `${path}?f=user:nobody`, first: [unknown] });
    expect(await screen.findByText("Nobody is called that")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Clear filters" }));
    expect(await screen.findByText("Calls fail")).toBeVisible();
  });

  it("says so when nobody waits", async () => {
    open({ items: [] });
    expect(await screen.findByText("Nobody waits for an answer")).toBeVisible();
  });
});

describe("canned replies", () => {
  it("are written, never over another by mistake", async () => {
    const { sent, user } = open();
    await user.click(await screen.findByRole("button", { name: "Canned replies" }));
    const list = await sheet("Canned replies");
    await user.click(await list.findByRole("button", { name: "New canned reply" }));
    const form = await sheet("New canned reply");
    expect(form.getByText(/\{\{user\}\} becomes the name of the user/)).toBeVisible();
    await user.type(form.getByLabelText("Name"), "hello");
    await user.type(form.getByLabelText("Text"), "Good day");
    await user.click(form.getByRole("button", { name: "Save" }));
    expect(await form.findByText("There is a canned reply of this name.")).toBeVisible();
    expect(sent).toEqual([]);
    await user.type(form.getByLabelText("Name"), " again");
    await user.click(form.getByRole("button", { name: "Save" }));
    await sheet("Canned replies");
    expect(sent).toEqual([{ what: `PUT ${canned}/hello%20again`, body: { body: "Good day" } }]);
  });

  it("are changed under the name they have, and deleted after a question", async () => {
    const { sent, user } = open({ address: `${path}?canned=true` });
    const list = await sheet("Canned replies");
    await user.click(await list.findByRole("button", { name: "Edit hello" }));
    const form = await sheet("Edit hello");
    expect(form.getByLabelText("Name")).toHaveAttribute("readonly");
    await user.type(form.getByLabelText("Text"), ", hi");
    await user.click(form.getByRole("button", { name: "Save" }));
    const again = await sheet("Canned replies");
    await user.click(await again.findByRole("button", { name: "Delete hello" }));
    const question = await sheet("Delete the canned reply hello?");
    await user.click(question.getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[0]).toEqual({ what: `PUT ${canned}/hello`, body: { body: "Hello {{user}}, hi" } });
    expect(sent[1]?.what).toBe(`DELETE ${canned}/hello`);
  });

  it("are only read by who may not write, and say so when there are none", async () => {
    const reader = me({ permissions: ["operate"], ...on });
    const { unmount } = open({ address: `${path}?canned=true`, who: reader });
    const list = await sheet("Canned replies");
    expect(await list.findByText("Hello {{user}}")).toBeVisible();
    expect(list.queryByRole("button", { name: "Edit hello" })).toBeNull();
    unmount();
    open({ address: `${path}?canned=true`, replies: [] });
    const empty = await sheet("Canned replies");
    expect(await empty.findByText("No canned replies")).toBeVisible();
    expect(empty.getByRole("button", { name: "New canned reply" })).toBeVisible();
  });
});

it("reads in Chinese as it should", async () => {
  await setLanguage("zh-CN");
  open({ items: [ticket({ username: "ana", moved_at: since(5 * hour) })] });
  expect(await screen.findByRole("heading", { level: 1, name: "用户工单" })).toBeVisible();
  const row = await screen.findByRole("row", { name: /Calls fail/ });
  expect(row).toHaveTextContent(/5 h.*ana.*调用.*待回复.*无人负责/);
  expect(screen.getByRole("button", { name: "快捷回复" })).toBeVisible();
});
