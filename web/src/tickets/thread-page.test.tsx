import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http, type RequestHandler } from "msw";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { TicketThreadView } from "@/api/types";
import { saveFile } from "@/components/save-file";
import { setLanguage } from "@/i18n";
import { features, me } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { answer, file, message, sentBy, thread, ticket } from "./tickets-fixture";

vi.mock("@/components/save-file", () => ({ saveFile: vi.fn() }));
beforeEach(() => vi.mocked(saveFile).mockClear());

const asker = me({ features: features({ tickets: true }) });
const base = "/api/tickets/ti_1";

function open(first: TicketThreadView = thread(), more: RequestHandler[] = []) {
  const sent: { what: string; body: unknown }[] = [];
  let now = first;
  const deed = (path: string, become: () => TicketThreadView) =>
    http.post(path, async ({ request }) => {
      sent.push(await sentBy(request));
      now = become();
      return HttpResponse.json(now);
    });
  const handlers = [
    ...more,
    http.get(base, () => HttpResponse.json(now)),
    http.get("/api/tickets", () => HttpResponse.json({ items: [now.ticket] })),
    deed(`${base}/messages`, () => ({
      ...now,
      messages: [...now.messages, message({ id: "tm_3", body: "Since noon." })],
    })),
    http.post(`${base}/seen`, async ({ request }) => {
      sent.push(await sentBy(request));
      return new HttpResponse(null, { status: 204 });
    }),
    deed(`${base}/close`, () => ({ ...now, ticket: ticket({ state: "closed" }) })),
    deed(`${base}/reopen`, () => ({ ...now, ticket: ticket() })),
  ];
  const become = (next: TicketThreadView) => {
    now = next;
  };
  return { sent, become, ...renderPage("/tickets/ti_1", { me: asker, handlers }) };
}

const articles = () => screen.getAllByRole("article");

describe("a ticket", () => {
  it("shows what was said in its order, with its call, and names nobody of the site", async () => {
    const about = ticket({ state: "answered", request_id: "01990000-0000-7000-8000-000000000001" });
    open(thread({ ticket: about, messages: [message(), answer()] }));
    expect(await screen.findByRole("heading", { level: 1, name: "Calls fail" })).toBeVisible();
    expect(screen.getByText("Waiting for you")).toBeVisible();
    expect(articles().map((one) => within(one).getByRole("heading").textContent)).toEqual([
      "You",
      "Support",
    ]);
    expect(within(articles()[0] as HTMLElement).getByText("fails").tagName).toBe("STRONG");
    expect(screen.getByRole("link", { name: /Open call 0199/ })).toHaveAttribute(
      "href",
      "/usage/01990000-0000-7000-8000-000000000001",
    );
  });

  it("stands in the crumbs by its subject", async () => {
    open();
    await screen.findByRole("heading", { level: 1, name: "Calls fail" });
    const crumb = () => screen.getAllByText("Calls fail").filter((one) => "private" in one.dataset);
    await waitFor(() => expect(crumb()).toHaveLength(1));
    expect(screen.queryByText("ti_1")).toBeNull();
  });

  it("with an answer is said to be seen as it was shown, once", async () => {
    const moved_at = "2026-11-24T10:00:00.123456Z";
    const about = ticket({ state: "answered", unread: true, moved_at });
    const { sent, become, queries } = open(thread({ ticket: about }));
    await screen.findByRole("heading", { level: 1, name: "Calls fail" });
    const seen = (at: string) => ({ what: `POST ${base}/seen`, body: { moved_at: at } });
    await waitFor(() => expect(sent).toEqual([seen(moved_at)]));
    const later = "2026-11-24T10:00:07.000001Z";
    become(thread({ ticket: { ...about, moved_at: later } }));
    await queries.invalidateQueries({ queryKey: ["tickets", "thread"] });
    await waitFor(() => expect(sent).toEqual([seen(moved_at), seen(later)]));
    become(thread({ ticket: { ...about, unread: false, moved_at: later } }));
    await queries.invalidateQueries({ queryKey: ["tickets", "thread"] });
    expect(sent).toHaveLength(2);
  });

  it("offers its files to be saved, until when they are there, and says who asks for them", async () => {
    const askers: (string | null)[] = [];
    const given = http.get("/api/ticket-files/tf_1", ({ request }) => {
      askers.push(request.headers.get("realms-user"));
      return new HttpResponse("a line");
    });
    const gone = http.get("/api/ticket-files/tf_2", () => problem(404, "not_found"));
    const files = [file(), file({ id: "tf_2", name: "gone.png", size: 512 })];
    const { user } = open(thread({ messages: [message({ files })] }), [given, gone]);
    const list = within(await screen.findByRole("list", { name: "Files" }));
    expect(list.getByText("2.0 KiB")).toBeVisible();
    expect(list.getAllByText(/Kept until/)).toHaveLength(2);
    await user.click(list.getByRole("button", { name: "Save trace.log" }));
    await waitFor(() => expect(saveFile).toHaveBeenCalledWith(expect.anything(), "trace.log"));
    expect(askers).toEqual(["us_1"]);
    await user.click(list.getByRole("button", { name: "Save gone.png" }));
    expect(await list.findByText("This does not exist, or no longer.")).toBeVisible();
    expect(saveFile).toHaveBeenCalledTimes(1);
  });

  it("takes a reply, and empties the field for the next", async () => {
    const { sent, user } = open(thread({ messages: [message(), answer()] }));
    const text = await screen.findByLabelText("Message");
    await user.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(() => expect(text).toHaveAccessibleDescription(/Fill this in/));
    await user.type(text, "Since noon.");
    await user.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(() => expect(articles()).toHaveLength(3));
    expect(articles()[2]).toHaveTextContent("Since noon.");
    expect(text).toHaveValue("");
    expect(sent).toEqual([
      { what: `POST ${base}/messages`, body: { body: "Since noon.", files: [] } },
    ]);
  });

  it("is closed, and then offers to be opened again", async () => {
    const { sent, user } = open();
    await user.click(await screen.findByRole("button", { name: "Close the ticket" }));
    expect(await screen.findByText("This ticket is closed.")).toBeVisible();
    expect(screen.queryByLabelText("Message")).toBeNull();
    expect(screen.queryByRole("button", { name: "Close the ticket" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Open again" }));
    expect(await screen.findByLabelText("Message")).toBeVisible();
    expect(sent.map(({ what }) => what)).toEqual([`POST ${base}/close`, `POST ${base}/reopen`]);
  });

  it("that was closed meanwhile shows that, and keeps what was typed", async () => {
    const refused = http.post(`${base}/messages`, () => problem(409, "conflict"));
    const { become, user } = open(thread(), [refused]);
    await user.type(await screen.findByLabelText("Message"), "One more thing");
    become(thread({ ticket: ticket({ state: "closed" }) }));
    await user.click(screen.getByRole("button", { name: "Send" }));
    await user.click(await screen.findByRole("button", { name: "Open again" }));
    expect(await screen.findByLabelText("Message")).toHaveValue("One more thing");
  });

  it("says what went wrong, and tries again", async () => {
    let isDown = true;
    const down = http.get(base, () =>
      isDown ? problem(404, "not_found") : HttpResponse.json(thread()),
    );
    const { user } = open(thread(), [down]);
    expect(await screen.findByText("This does not exist, or no longer.")).toBeVisible();
    isDown = false;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Calls fail" })).toBeVisible();
  });
});

it("reads in Chinese as it should", async () => {
  await setLanguage("zh-CN");
  open(thread({ ticket: ticket({ state: "closed" }), messages: [message(), answer()] }));
  expect(await screen.findByText("此工单已关闭。")).toBeVisible();
  expect(screen.getByRole("button", { name: "重新打开" })).toBeVisible();
  expect(articles().map((one) => within(one).getByRole("heading").textContent)).toEqual([
    "你",
    "客服",
  ]);
});
