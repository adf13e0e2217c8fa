import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http, type RequestHandler } from "msw";
import { describe, expect, it } from "vitest";

import { setLanguage } from "@/i18n";
import { features, me } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { file, made, sentBy, thread, ticket } from "./tickets-fixture";

const asker = me({ features: features({ tickets: true }) });
const call = "01990000-0000-7000-8000-000000000001";
const draftKey = "realms.draft.new.us_1";

function open({ path = "/tickets/new", first = [] as RequestHandler[] } = {}) {
  const sent: { what: string; body: unknown }[] = [];
  const handlers = [
    ...first,
    http.post("/api/ticket-files", async ({ request }) => {
      sent.push(await sentBy(request));
      return made(file({ id: `tf_${sent.length}` }));
    }),
    http.post("/api/tickets", async ({ request }) => {
      sent.push(await sentBy(request));
      return made(ticket());
    }),
    http.get("/api/tickets/:id", () => HttpResponse.json(thread())),
  ];
  return { sent, ...renderPage(path, { me: asker, handlers }) };
}

const picker = () => screen.getByLabelText("Add files", { selector: "input" });
const log = () => new File(["a line"], "trace.log", { type: "text/plain" });

describe("a new ticket", () => {
  it("is sent with its call and its files, and leads to what became of it", async () => {
    const { sent, user, pages } = open({ path: `/tickets/new?request=${call}` });
    await user.type(await screen.findByLabelText("Subject"), "Calls fail");
    expect(screen.getByLabelText(/Request id/)).toHaveValue(call);
    await user.click(screen.getByRole("radio", { name: "Account" }));
    await user.type(screen.getByLabelText("Message"), "Since **today**.");
    await user.upload(picker(), log());
    expect(await screen.findByText("Ready")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/tickets/ti_1"));
    expect(sent).toEqual([
      { what: "POST /api/ticket-files?name=trace.log", body: "a line" },
      {
        what: "POST /api/tickets",
        body: {
          subject: "Calls fail",
          category: "account",
          body: "Since **today**.",
          request_id: call,
          files: ["tf_1"],
        },
      },
    ]);
    expect(localStorage.getItem(draftKey)).toBeNull();
  });

  it("keeps what was typed until it is sent", async () => {
    const { user, unmount } = open();
    await user.type(await screen.findByLabelText("Subject"), "Half a thought");
    await user.type(screen.getByLabelText("Message"), "and more");
    unmount();
    open();
    expect(await screen.findByLabelText("Subject")).toHaveValue("Half a thought");
    expect(screen.getByLabelText("Message")).toHaveValue("and more");
    await user.clear(screen.getByLabelText("Subject"));
    await user.clear(screen.getByLabelText("Message"));
    expect(localStorage.getItem(draftKey)).toBeNull();
  });

  it("says what is missing or wrong before anything is sent", async () => {
    const { sent, user } = open({ path: "/tickets/new?request=mine" });
    await user.click(await screen.findByRole("button", { name: "Send" }));
    await waitFor(() =>
      expect(screen.getByLabelText("Subject")).toHaveAccessibleDescription(/Fill this in/),
    );
    expect(screen.getByLabelText("Message")).toHaveAccessibleDescription(/Fill this in/);
    expect(screen.getByLabelText(/Request id/)).toHaveAccessibleDescription(/An id like 0199/);
    expect(sent).toEqual([]);
  });

  it("puts what the server refuses where it belongs", async () => {
    const fields = [{ pointer: "/request_id", code: "unknown", detail: "" }];
    let refused = () => problem(422, "invalid", { fields });
    const refusing = http.post("/api/tickets", () => refused());
    const { user } = open({ path: `/tickets/new?request=${call}`, first: [refusing] });
    await user.type(await screen.findByLabelText("Subject"), "Calls fail");
    await user.type(screen.getByLabelText("Message"), "Why?");
    await user.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(() =>
      expect(screen.getByLabelText(/Request id/)).toHaveAccessibleDescription(
        /None of your calls has this id/,
      ),
    );
    refused = () => problem(413, "too_large");
    await user.clear(screen.getByLabelText(/Request id/));
    await user.click(screen.getByRole("button", { name: "Send" }));
    expect(await screen.findByText(/Twenty of your tickets are open/)).toBeVisible();
  });

  it("shows how it will look, and goes back to writing where something is wrong", async () => {
    const { user } = open();
    const text = await screen.findByLabelText("Message");
    await user.type(text, "It is **bold**.");
    await user.click(screen.getByRole("radio", { name: "Preview" }));
    expect(text).not.toBeVisible();
    const preview = within(screen.getByRole("region", { name: "Preview" }));
    expect(preview.getByText("bold").tagName).toBe("STRONG");
    await user.click(screen.getByRole("radio", { name: "Write" }));
    await user.clear(text);
    await user.click(screen.getByRole("radio", { name: "Preview" }));
    await user.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(() => expect(text).toBeVisible());
  });
});

describe("files", () => {
  it("that are surely not taken are not sent, and say why", async () => {
    const { sent } = open();
    const user = userEvent.setup({ applyAccept: false });
    await screen.findByLabelText("Subject");
    await user.upload(picker(), [
      new File(["MZ"], "run.exe"),
      new File([], "nothing.txt"),
      new File(["x"], "noending"),
    ]);
    const list = within(await screen.findByRole("list", { name: "Files" }));
    expect(list.getByText(/it is none of png, jpg/)).toBeVisible();
    expect(list.getByText("Not taken: the file is empty.")).toBeVisible();
    expect(list.getByText(/a name has at most 150 characters/)).toBeVisible();
    expect(sent).toEqual([]);
    await user.click(list.getByRole("button", { name: "Remove run.exe" }));
    expect(list.queryByText("run.exe")).toBeNull();
  });

  it("that the server refuses say why, and do not go with the ticket", async () => {
    const fields = [{ pointer: "/file", code: "content", detail: "no picture" }];
    const answers = [
      () => problem(422, "invalid", { fields }),
      () => problem(413, "too_large"),
      () => problem(503, "unavailable"),
    ];
    const refusing = http.post("/api/ticket-files", () => answers.shift()?.());
    const { sent, user } = open({ first: [refusing] });
    await user.type(await screen.findByLabelText("Subject"), "Calls fail");
    await user.type(screen.getByLabelText("Message"), "Why?");
    const picture = new File(["no picture"], "a.png", { type: "image/png" });
    await user.upload(picker(), picture);
    expect(await screen.findByText(/is not what its ending says/)).toBeVisible();
    await user.upload(picker(), picture);
    expect(await screen.findByText(/there is no room for it/)).toBeVisible();
    await user.upload(picker(), picture);
    expect(await screen.findByText(/Not sent: The server cannot answer/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.body).toMatchObject({ files: [] });
  });

  it("may be dropped, and pictures pasted, but never pasted text", async () => {
    const { sent } = open();
    const text = await screen.findByLabelText("Message");
    fireEvent.drop(text, { dataTransfer: { files: [log()], types: ["Files"] } });
    expect(await screen.findByText("Ready")).toBeVisible();
    const picture = new File(["x"], "image.png", { type: "image/png" });
    const paste = (files: File[], words: string) =>
      fireEvent.paste(text, { clipboardData: { files, getData: () => words } });
    paste([picture], "a cell of a table");
    paste([log()], "");
    paste([picture], "");
    await waitFor(() => expect(screen.getAllByText("Ready")).toHaveLength(2));
    expect(sent.map(({ what }) => what)).toEqual([
      "POST /api/ticket-files?name=trace.log",
      "POST /api/ticket-files?name=image.png",
    ]);
  });

  it("are ten at most, and the ticket waits for them", async () => {
    let arrive: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const slow = http.post("/api/ticket-files", async () => {
      await waits;
      return made(file());
    });
    const { user } = open({ first: [slow] });
    await screen.findByLabelText("Subject");
    await user.upload(
      picker(),
      Array.from({ length: 11 }, () => log()),
    );
    expect(await screen.findByText("Only 10 files go with one message.")).toBeVisible();
    expect(screen.getAllByText("Sending")).toHaveLength(10);
    const send = () => screen.getByRole("button", { name: "Send" });
    expect(send()).toHaveAccessibleDescription("Files are still being sent.");
    arrive();
    await waitFor(() => expect(screen.getAllByText("Ready")).toHaveLength(10));
    expect(send()).not.toHaveAttribute("aria-disabled");
  });
});

it("reads in Chinese as it should", async () => {
  await setLanguage("zh-CN");
  open();
  expect(await screen.findByRole("heading", { level: 1, name: "新建工单" })).toBeVisible();
  expect(screen.getByRole("textbox", { name: "主题" })).toBeVisible();
  expect(screen.getByText(/最多 10 个文件，每个不超过 10.0 MiB/)).toBeVisible();
  expect(screen.getByRole("button", { name: "提交" })).toBeVisible();
});
