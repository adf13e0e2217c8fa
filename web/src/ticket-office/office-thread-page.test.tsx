import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http, type RequestHandler } from "msw";
import { describe, expect, it } from "vitest";
import type { TicketThreadView, TicketView } from "@/api/types";
import { setLanguage } from "@/i18n";
import { features, me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { answer, file, message, sentBy, thread, ticket } from "@/tickets/tickets-fixture";

const base = "/api/admin/tickets/ti_1";
const on = { features: features({ tickets: true }) };
const call = "01990000-0000-7000-8000-000000000001";

const asked = (changes: Partial<TicketView> = {}) =>
  ticket({ username: "ana", request_id: call, ...changes });

const note = message({
  id: "tm_9",
  author: "bo",
  by_staff: true,
  internal: true,
  body: "A *bug*.",
});

function open({
  shown = thread({ ticket: asked() }),
  who = root(on),
  first = [],
}: {
  shown?: TicketThreadView;
  who?: ReturnType<typeof root>;
  first?: RequestHandler[];
} = {}) {
  const sent: { what: string; body: unknown }[] = [];
  let now = shown;
  const deed =
    (become: () => TicketThreadView) =>
    async ({ request }: { request: Request }) => {
      sent.push(await sentBy(request));
      now = become();
      return HttpResponse.json(now);
    };
  const updated_at = "2026-11-20T08:00:00Z";
  const replies = [
    { name: "hello", body: "Hello {{user}}, about {{ticket}}:", updated_at },
    { name: "thanks", body: "Thank you.", updated_at },
  ];
  const handlers = [
    ...first,
    http.get(base, () => HttpResponse.json(now)),
    http.get("/api/admin/canned-replies", () => HttpResponse.json({ items: replies })),
    http.post(
      `${base}/messages`,
      deed(() => ({ ...now, messages: [...now.messages, note] })),
    ),
    http.post(
      `${base}/reopen`,
      deed(() => ({ ...now, ticket: asked() })),
    ),
    http.put(
      `${base}/assignee`,
      deed(() => ({ ...now, ticket: asked({ assignee: "root" }) })),
    ),
  ];
  return { sent, ...renderPage("/admin/tickets/ti_1", { me: who, handlers }) };
}

describe("a ticket at the office", () => {
  it("names who speaks, marks notes, and leads to the user and the call", async () => {
    const said = [message(), answer({ author: "root", files: [file()] }), note];
    open({ shown: thread({ ticket: asked(), messages: said }) });
    const articles = await screen.findAllByRole("article");
    expect(articles.map((one) => within(one).getByRole("heading").textContent)).toEqual([
      "ana",
      "root · Support",
      "bo · Support",
    ]);
    const label = "Note – users do not see this";
    expect(within(articles[2] as HTMLElement).getByText(label)).toBeVisible();
    expect(screen.getAllByText(label)).toHaveLength(1);
    const user = screen.getByRole("link", { name: "ana" });
    expect(user).toHaveAttribute("href", "/admin/users/ana");
    expect(screen.getByRole("link", { name: /Open call 0199/ })).toHaveAttribute(
      "href",
      `/admin/requests/${call}`,
    );
  });

  it("is answered, with a canned reply that knows the ticket", async () => {
    const { sent, user } = open();
    const text = await screen.findByLabelText("Message");
    const insert = async (name: string) => {
      await user.click(screen.getByRole("button", { name: "Insert a canned reply" }));
      await user.click(await screen.findByRole("menuitem", { name }));
    };
    await insert("hello");
    expect(text).toHaveValue("Hello ana, about ti_1:");
    await user.type(text, " done.");
    await insert("thanks");
    expect(text).toHaveValue("Hello ana, about ti_1: done.\n\nThank you.");
    await user.click(screen.getByRole("button", { name: "Send the reply" }));
    await waitFor(() => expect(text).toHaveValue(""));
    expect(sent).toEqual([
      {
        what: `POST ${base}/messages`,
        body: { body: "Hello ana, about ti_1: done.\n\nThank you.", files: [] },
      },
    ]);
  });

  it("takes a note instead, and a note that was begun never comes back as a reply", async () => {
    const { unmount, user } = open();
    await user.type(await screen.findByLabelText("Message"), "ask bo");
    await user.click(screen.getByRole("radio", { name: "Internal note" }));
    expect(screen.getByText(/Only those who run the site see it/)).toBeVisible();
    unmount();
    const { sent } = open();
    expect(await screen.findByLabelText("Message")).toHaveValue("ask bo");
    expect(screen.getByRole("radio", { name: "Internal note" })).toBeChecked();
    await user.click(screen.getByRole("button", { name: "Add the note" }));
    await waitFor(() => expect(screen.getAllByRole("article")).toHaveLength(2));
    const body = { body: "ask bo", files: [], internal: true };
    expect(sent).toEqual([{ what: `POST ${base}/messages`, body }]);
  });

  it("takes nothing but notes while it is closed", async () => {
    const { sent, user } = open({ shown: thread({ ticket: asked({ state: "closed" }) }) });
    expect(await screen.findByText("This ticket is closed.")).toBeVisible();
    expect(screen.queryByRole("radio", { name: "Reply" })).toBeNull();
    expect(screen.getByRole("button", { name: "Add the note" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Open again" }));
    expect(await screen.findByRole("radio", { name: "Reply" })).toBeInTheDocument();
    expect(sent.map(({ what }) => what)).toEqual([`POST ${base}/reopen`]);
  });

  it("is given into somebody's care, or nobody's", async () => {
    const { sent, user } = open();
    await user.click(await screen.findByRole("button", { name: "Assign to me" }));
    await user.click(await screen.findByRole("button", { name: "To nobody" }));
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(screen.queryByRole("button", { name: "Assign to me" })).toBeNull();
    await user.type(screen.getByLabelText("User name or id"), "bo{Enter}");
    await waitFor(() => expect(sent).toHaveLength(3));
    expect(sent.map(({ body }) => body)).toEqual([
      { username: "root" },
      { username: null },
      { username: "bo" },
    ]);
  });

  it("is given to nobody who does not exist or run the site", async () => {
    const fields = [{ pointer: "/username", code: "invalid", detail: "" }];
    const answers = [() => problem(404, "not_found"), () => problem(422, "invalid", { fields })];
    const refusing = http.put(`${base}/assignee`, () => answers.shift()?.());
    const { user } = open({ first: [refusing] });
    const somebody = await screen.findByLabelText("User name or id");
    await user.type(somebody, "nobody{Enter}");
    await waitFor(() => expect(somebody).toHaveAccessibleDescription("Nobody is called that."));
    await user.clear(somebody);
    await user.type(somebody, "ana{Enter}");
    await waitFor(() =>
      expect(somebody).toHaveAccessibleDescription("Only those who run the site can be assigned."),
    );
  });

  it("is only read by who may not write", async () => {
    open({ who: me({ permissions: ["operate"], ...on }) });
    expect(await screen.findByRole("heading", { level: 1, name: "Calls fail" })).toBeVisible();
    expect(screen.queryByLabelText("Message")).toBeNull();
    expect(screen.queryByRole("button", { name: "Close the ticket" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Assign to me" })).toBeNull();
  });
});

it("reads in Chinese as it should", async () => {
  await setLanguage("zh-CN");
  open({ shown: thread({ ticket: asked(), messages: [message(), note] }) });
  expect(await screen.findByText("备注 – 用户看不到")).toBeVisible();
  expect(screen.getByRole("button", { name: "发送回复" })).toBeVisible();
  expect(screen.getByRole("button", { name: "由我负责" })).toBeVisible();
});
