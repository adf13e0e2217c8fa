import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http, type RequestHandler } from "msw";
import { describe, expect, it } from "vitest";

import type { ErrorRuleView } from "@/api/types";
import { channel } from "@/channels/fixtures/channels";
import { me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { rule } from "./rules-fixture";

interface Sent {
  what: string;
  body: unknown;
  ifMatch: string | null;
  ifNoneMatch: string | null;
}

const act = "then";

const some = [
  rule("busy", { match: { contains: "overloaded", dialects: ["messages"] }, enabled: false }),
  rule("too-long", { priority: 10, [act]: { status: 413, message: "Start a new one." } }),
];

function open({
  items = some,
  path = "/admin/error-rules",
  who = root(),
  first = [],
}: {
  items?: ErrorRuleView[];
  path?: string;
  who?: ReturnType<typeof me>;
  first?: RequestHandler[];
} = {}) {
  const sent: Sent[] = [];
  const keep = async ({ request }: { request: Request }) => {
    const text = await request.text();
    sent.push({
      what: `${request.method} ${new URL(request.url).pathname.split("/").at(-1)}`,
      body: text === "" ? undefined : JSON.parse(text),
      ifMatch: request.headers.get("if-match"),
      ifNoneMatch: request.headers.get("if-none-match"),
    });
    return HttpResponse.json({});
  };
  const page = renderPage(path, {
    me: who,
    handlers: [
      ...first,
      http.get("/api/admin/error-rules", () =>
        HttpResponse.json({ items, approx_total: items.length }),
      ),
      http.get("/api/admin/error-rules/:name", ({ params }) =>
        HttpResponse.json(items.find(({ name }) => name === params.name) ?? null, {
          headers: { etag: '"e1"' },
        }),
      ),
      http.get("/api/admin/channels", () => HttpResponse.json({ items: [channel()] })),
      http.put("/api/admin/error-rules/:name", keep),
      http.delete("/api/admin/error-rules/:name", keep),
    ],
  });
  return { ...page, sent };
}

async function choose(user: ReturnType<typeof open>["user"], name: string, item: string) {
  await user.click(await screen.findByRole("button", { name: `Actions for ${name}` }));
  await user.click(await screen.findByRole("menuitem", { name: item }));
}

describe("the list of rules", () => {
  it("shows them in their order, with what they match and do", async () => {
    open();
    await screen.findByText("too-long");
    const rows = screen.getAllByRole("row").slice(1);
    expect(rows.map((row) => row.textContent)).toEqual([
      expect.stringMatching(/10.*too-long.*status 400.*answers 413 · says “Start a new one\.”.*On/),
      expect.stringMatching(/0.*busy.*contains “overloaded” · Messages.*answers 422.*Off/),
    ]);
  });

  it("says what it is for while it is empty", async () => {
    open({ items: [] });
    expect(await screen.findByText("No error rules yet")).toBeInTheDocument();
  });

  it("says why it could not be loaded, and asks again", async () => {
    const { user } = open({
      first: [
        http.get("/api/admin/error-rules", () => problem(503, "unavailable"), { once: true }),
      ],
    });
    expect(await screen.findByText(/cannot answer at the moment/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("too-long")).toBeInTheDocument();
  });

  it("switches a rule for the version that was seen, and tells when it could not", async () => {
    const { user, sent } = open();
    await choose(user, "too-long", "Disable");
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toMatchObject({
      what: "PUT too-long",
      body: { name: "too-long", enabled: false },
      ifMatch: '"e1"',
    });
    server.use(http.put("/api/admin/error-rules/busy", () => problem(412, "changed")));
    await choose(user, "busy", "Enable");
    expect(
      await screen.findByText(/busy stays as it is\. Someone else changed/),
    ).toBeInTheDocument();
  });

  it("deletes a rule after a question, and stays open when that fails", async () => {
    const { user, sent } = open();
    await choose(user, "busy", "Delete rule");
    const dialog = await screen.findByRole("dialog", { name: "Delete busy?" });
    server.use(
      http.delete("/api/admin/error-rules/busy", () => problem(503, "unavailable"), { once: true }),
    );
    await user.click(within(dialog).getByRole("button", { name: "Delete rule" }));
    expect(await within(dialog).findByText(/cannot answer at the moment/)).toBeInTheDocument();
    expect(sent).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Delete rule" }));
    await waitFor(() => expect(sent.map(({ what }) => what)).toEqual(["DELETE busy"]));
  });

  it("is only looked at by who may not write", async () => {
    const { user } = open({ who: me({ role: "admin", permissions: ["operate"] }) });
    await user.click(await screen.findByText("too-long"));
    expect(screen.queryByRole("button", { name: "Add rule" })).toBeNull();
    const sheet = await screen.findByRole("dialog");
    expect(await within(sheet).findByLabelText("Name")).toBeDisabled();
    expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
  });
});

describe("the form of a rule", () => {
  it("makes a rule that did not exist", async () => {
    const { user, sent, pages } = open({ path: "/admin/error-rules?make=true" });
    const sheet = await screen.findByRole("dialog");
    await user.click(within(sheet).getByLabelText("Name"));
    await user.paste("quota");
    await user.type(screen.getByLabelText("Status of the upstream"), "429,403{Enter}");
    await user.click(screen.getByLabelText(/^Text in the error/));
    await user.paste("quota");
    await user.type(screen.getByLabelText("Channels"), "pro-1{Enter}");
    await user.click(screen.getByLabelText("Chat Completions"));
    await user.click(screen.getByLabelText(/^Hide the error/));
    await user.click(screen.getByLabelText(/^Spare the channel/));
    await user.click(within(sheet).getByRole("button", { name: "Add rule" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({
      what: "PUT quota",
      ifMatch: null,
      ifNoneMatch: "*",
      body: {
        name: "quota",
        priority: 0,
        enabled: true,
        match: { status: [429, 403], contains: "quota", channels: ["pro-1"], dialects: ["chat"] },
        [act]: { hide: true, skip_health: true },
      },
    });
    await waitFor(() => expect(pages.state.location.search).not.toHaveProperty("make"));
  });

  it("wants something to match and something to do, and not two things at once", async () => {
    const { user, sent } = open({ path: "/admin/error-rules?make=true" });
    const sheet = await screen.findByRole("dialog");
    await user.type(within(sheet).getByLabelText("Name"), "x");
    const add = within(sheet).getByRole("button", { name: "Add rule" });
    await user.click(add);
    expect((await within(sheet).findAllByText(/Name a status, a text/)).length).toBeGreaterThan(0);
    expect(within(sheet).getAllByText(/Give a status, a message/).length).toBeGreaterThan(0);
    await user.type(within(sheet).getByLabelText("Status of the upstream"), "200{Enter}");
    expect(within(sheet).getByText(/400 to 599\.$/, { selector: "[role=status]" })).toBeVisible();
    await user.type(within(sheet).getByLabelText(/^Message\(/), "no");
    await user.click(within(sheet).getByLabelText(/^Hide the error/));
    await user.click(add);
    const told = await within(sheet).findAllByText(/A hidden error has no message/);
    expect(told.length).toBeGreaterThan(0);
    expect(sent).toEqual([]);
  });

  it("changes what was touched, and puts the server's words at their field", async () => {
    const { user, sent } = open({ path: "/admin/error-rules?row=too-long" });
    const regex = await screen.findByLabelText(/^Regular expression/);
    await user.click(regex);
    await user.paste("(");
    server.use(
      http.put(
        "/api/admin/error-rules/too-long",
        () =>
          problem(422, "invalid", {
            mistakes: [
              "error_rule `too-long`: match.regex: is no regular expression: unclosed group",
            ],
          }),
        { once: true },
      ),
    );
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(regex).toHaveAccessibleDescription(/unclosed group/));
    await user.clear(regex);
    await user.paste("long+");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toMatchObject({
      ifMatch: '"e1"',
      body: { name: "too-long", match: { status: [400], regex: "long+" } },
    });
  });

  it("shows that someone else was faster, and keeps what was typed on top of theirs", async () => {
    const { user, sent } = open({ path: "/admin/error-rules?row=too-long" });
    const sheet = await screen.findByRole("dialog");
    const priority = await within(sheet).findByLabelText("Priority");
    await user.clear(priority);
    await user.type(priority, "3");
    server.use(
      http.put("/api/admin/error-rules/too-long", () => problem(412, "changed"), { once: true }),
      http.get("/api/admin/error-rules/too-long", () =>
        HttpResponse.json(rule("too-long", { priority: 7, match: { status: [413] } }), {
          headers: { etag: '"e2"' },
        }),
      ),
    );
    await user.click(screen.getByRole("button", { name: "Save" }));
    await user.click(await screen.findByRole("button", { name: "Keep mine on top" }));
    expect(priority).toHaveValue("3");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toMatchObject({ ifMatch: '"e2"', body: { name: "too-long", priority: 3 } });
  });

  it("does not take the name of another rule", async () => {
    const { user } = open({ path: "/admin/error-rules?make=true" });
    server.use(http.put("/api/admin/error-rules/busy", () => problem(409, "conflict")));
    const sheet = await screen.findByRole("dialog");
    const name = within(sheet).getByLabelText("Name");
    await user.type(name, "busy");
    await user.type(within(sheet).getByLabelText("Status of the upstream"), "400{Enter}");
    await user.click(within(sheet).getByLabelText(/^Hide the error/));
    await user.click(within(sheet).getByRole("button", { name: "Add rule" }));
    await waitFor(() => expect(name).toHaveAccessibleDescription(/a rule of this name/));
  });
});

describe("trying a rule", () => {
  /** The sheet of `too-long`, with a server that says what its rules make of an error. */
  function trying(answer: () => Response) {
    const tried: unknown[] = [];
    const page = open({
      path: "/admin/error-rules?row=too-long",
      first: [
        http.post("/api/admin/error-trial", async ({ request }) => {
          tried.push(await request.json());
          return answer();
        }),
      ],
    });
    return { ...page, tried };
  }

  it("sends the rule as it is typed and shows what the client hears", async () => {
    const { user, tried } = trying(() =>
      HttpResponse.json({
        rule: "too-long",
        cause: "bad_request",
        retried: false,
        status: 413,
        body: '{"error":{"message":"Begin anew."}}',
      }),
    );
    const message = await screen.findByRole("textbox", { name: /^Message/ });
    await user.clear(message);
    await user.type(message, "Begin anew.");
    await user.click(screen.getByRole("button", { name: "Try" }));
    expect(await screen.findByText('{"error":{"message":"Begin anew."}}')).toBeVisible();
    expect(screen.getByText("The client hears 413")).toBeVisible();
    expect(tried).toMatchObject([
      { dialect: "chat", rule: { name: "too-long", [act]: { message: "Begin anew." } } },
    ]);
    await user.type(message, "!");
    expect(screen.getByText("This was before your last change.")).toBeVisible();
  });

  it("says when another rule comes first, and what rests", async () => {
    const { user } = trying(() =>
      HttpResponse.json({
        rule: "busy",
        cause: "overloaded",
        retried: true,
        rests: "endpoint",
        status: 503,
        body: "{}",
      }),
    );
    await user.click(await screen.findByRole("button", { name: "Try" }));
    expect(await screen.findByText("Another rule is looked at first.")).toBeVisible();
    expect(screen.getByText("Put to rest: the endpoint.")).toBeVisible();
  });

  it("tells why it cannot be tried", async () => {
    const { user } = trying(() => problem(422, "invalid", { mistakes: ["status: 400 to 599"] }));
    await user.click(await screen.findByRole("button", { name: "Try" }));
    expect(await screen.findByText("status: 400 to 599")).toBeInTheDocument();
  });
});
