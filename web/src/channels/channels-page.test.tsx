import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { channel, result, site, status, steps, stream } from "./fixtures/channels";
import { channelHandlers, takeChanges } from "./fixtures/handlers";

const admin = me({ id: "us_3", role: "admin", permissions: operatorPermissions });
const rowOf = (name: RegExp) => screen.findByRole("row", { name });

describe("the list of channels", () => {
  it("shows how each is and why, with one question for all", async () => {
    let asked = 0;
    const counted = http.get("/api/admin/channel-status", () => {
      asked += 1;
      return HttpResponse.json({ items: site().statuses });
    });
    renderPage("/admin/channels", { me: root(), handlers: [counted, ...channelHandlers()] });
    const claude = await rowOf(/claude-main/);
    await within(claude).findByText("Cooling down");
    expect(claude).toHaveTextContent(/rate limit · \d+ min/);
    expect(await rowOf(/openrouter/)).toHaveTextContent(/Down.*key refused/);
    expect(await rowOf(/pro-1/)).toHaveTextContent("99.5%");
    expect(asked).toBe(1);
  });

  it("finds what needs attention, and says when nothing does", async () => {
    const { user, pages } = renderPage("/admin/channels", {
      me: root(),
      handlers: channelHandlers(),
    });
    await rowOf(/pro-1/);
    await user.click(screen.getByRole("radio", { name: "Cooling down" }));
    await waitFor(() => expect(screen.queryByRole("row", { name: /pro-1/ })).toBeNull());
    expect(await rowOf(/claude-main/)).toBeInTheDocument();
    expect(pages.state.location.search).toMatchObject({ f: "state:cooling_down" });
  });

  it("changes priority and weight only when saved", async () => {
    const seen: { body: unknown; ifMatch: string | null }[] = [];
    const { user } = renderPage("/admin/channels", {
      me: root(),
      handlers: [takeChanges(seen), ...channelHandlers()],
    });
    const row = await rowOf(/pro-1/);
    await user.click(within(row).getByRole("button", { name: /Priority 10, weight 2 of pro-1/ }));
    const panel = await screen.findByRole("dialog", { name: "Priority and weight" });
    const priority = within(panel).getByLabelText("Priority");
    await user.clear(priority);
    await user.type(priority, "many");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("A whole number.")).toBeInTheDocument();
    expect(seen).toEqual([]);
    await user.clear(priority);
    await user.type(priority, "20");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(seen).toHaveLength(1));
    expect(seen[0]?.body).toEqual({ name: "pro-1", priority: 20, weight: 2 });
  });

  it("tells in numbers what disabling means before it does it", async () => {
    const seen: { body: unknown; ifMatch: string | null }[] = [];
    const { user } = renderPage("/admin/channels", {
      me: root(),
      handlers: [takeChanges(seen), ...channelHandlers()],
    });
    const row = await rowOf(/claude-main/);
    await within(row).findByText("Cooling down");
    await user.click(within(row).getByRole("button", { name: "Disable channel" }));
    const question = await screen.findByRole("dialog");
    expect(question).toHaveTextContent("88 calls went to it in the last hour. None is running.");
    expect(await within(question).findByText(/nobody serves these 2 models/)).toHaveTextContent(
      "claude-opus-4-5, claude-haiku-4-5",
    );
    await user.click(within(question).getByRole("button", { name: "Disable channel" }));
    await waitFor(() =>
      expect(seen.map(({ body }) => body)).toEqual([{ name: "claude-main", enabled: false }]),
    );
  });

  it("deletes a channel only by its name, and says why it could not", async () => {
    const handlers = [
      http.delete("/api/admin/channels/spare", () => problem(409, "conflict")),
      ...channelHandlers(),
    ];
    const { user } = renderPage("/admin/channels", { me: root(), handlers });
    const row = await rowOf(/spare/);
    await user.click(within(row).getByRole("button", { name: /More|Actions/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Delete channel" }));
    await user.type(await screen.findByLabelText("Type spare to confirm"), "spare");
    await user.click(screen.getByRole("button", { name: "Delete channel" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(/clashes/);
  });

  it("ends the rest of a channel, and shows that it serves again", async () => {
    const woken = status({ channel: "claude-main" });
    const handlers = [
      http.post("/api/admin/channels/claude-main/wake", () => HttpResponse.json(woken)),
      ...channelHandlers(),
    ];
    const { user } = renderPage("/admin/channels", { me: root(), handlers });
    const row = await rowOf(/claude-main/);
    await within(row).findByText("Cooling down");
    await user.click(within(row).getByRole("button", { name: /More|Actions/ }));
    await user.click(await screen.findByRole("menuitem", { name: "End the rest" }));
    expect(await within(await rowOf(/claude-main/)).findByText("Serving")).toBeInTheDocument();
  });

  it("offers to add the first channel where there is none", async () => {
    const none = channelHandlers({ channels: [], statuses: [] });
    const { user } = renderPage("/admin/channels", { me: root(), handlers: none });
    expect(await screen.findByText("No channels yet")).toBeInTheDocument();
    await user.click(screen.getAllByRole("button", { name: "Add channel" })[0] as Element);
    expect(await screen.findByRole("dialog", { name: "Add channel" })).toBeInTheDocument();
  });

  it("shows why it cannot be loaded, with the request's id", async () => {
    const handlers = [
      http.get("/api/admin/channels", () => problem(500, "internal")),
      ...channelHandlers(),
    ];
    renderPage("/admin/channels", { me: root(), handlers });
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("Something failed inside the server.");
    expect(alert).toHaveTextContent("Request req_test");
  });

  it("is not for users", async () => {
    renderPage("/admin/channels", { me: me(), handlers: channelHandlers() });
    expect(await screen.findByText("This is not for your account")).toBeInTheDocument();
  });

  it("lets one who only operates look and test, but not change", async () => {
    const watcher = { ...admin, permissions: ["operate" as const] };
    renderPage("/admin/channels", { me: watcher, handlers: channelHandlers() });
    const row = await rowOf(/pro-1/);
    expect(screen.queryByRole("button", { name: "Add channel" })).toBeNull();
    expect(within(row).queryByRole("button", { name: "Disable channel" })).toBeNull();
    expect(within(row).getByRole("button", { name: "Test" })).toBeInTheDocument();
  });
});

describe("the test of a channel", () => {
  const answer = (events: [string, object][]) =>
    http.post(
      "/api/admin/channels/pro-1/test",
      () => new HttpResponse(stream(events), { headers: { "content-type": "text/event-stream" } }),
    );

  it("shows each model as it goes, with what went over the wire", async () => {
    const events: [string, object][] = [
      ...steps("gpt-5.2", { dns: 12_000, connect: 30_000, tls: 61_000 }, "k1"),
      ["result", result({ credential: "k1" })],
      [
        "result",
        result({
          model: "fast",
          upstream_model: "gpt-5.2-mini",
          credential: "k1",
          model_mismatch: true,
          answered_model: "gpt-4o",
        }),
      ],
      ["done", { tested: 2, ok: 2, failed: 0 }],
    ];
    const { user } = renderPage("/admin/channels?test=pro-1", {
      me: root(),
      handlers: [answer(events), ...channelHandlers()],
    });
    await user.click(await screen.findByRole("button", { name: "Test 2 models" }));
    const panel = await screen.findByRole("region", { name: "Test" });
    expect(await within(panel).findByText("2 ok · 0 failed")).toBeInTheDocument();
    expect(within(panel).getByText("Other model")).toBeInTheDocument();
    expect(panel).toHaveTextContent("Asked for gpt-5.2-mini, answered by gpt-4o.");
    expect(panel).toHaveTextContent(/DNS.*12 ms.*TLS.*61 ms/);
    expect(panel).toHaveTextContent("Bearer ****");
    expect(within(panel).getAllByRole("button", { name: "Copy curl" })).toHaveLength(2);
  });

  it("decodes a failure and saves the base URL that would answer", async () => {
    const seen: { body: unknown; ifMatch: string | null }[] = [];
    const failure = {
      code: "not_found" as const,
      detail: "404",
      fix: { base_url: "https://api.openai.com/v1" },
    };
    const events: [string, object][] = [
      ["result", result({ ok: false, failure })],
      ["done", { tested: 1, ok: 0, failed: 1 }],
    ];
    const { user } = renderPage("/admin/channels?test=pro-1", {
      me: root(),
      handlers: [answer(events), takeChanges(seen), ...channelHandlers()],
    });
    await user.click(await screen.findByRole("button", { name: "Test 2 models" }));
    expect(await screen.findByText("There is no such path")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: /Save as base URL/ }));
    await waitFor(() =>
      expect(seen.map(({ body }) => body)).toEqual([
        { name: "pro-1", base_url: "https://api.openai.com/v1" },
      ]),
    );
  });

  it("that breaks off says so, and does not call the rest failed", async () => {
    const { user } = renderPage("/admin/channels?test=pro-1", {
      me: root(),
      handlers: [answer([["result", result()]]), ...channelHandlers()],
    });
    await user.click(await screen.findByRole("button", { name: "Test 2 models" }));
    expect(
      await screen.findByText(/connection ended before the test was over/),
    ).toBeInTheDocument();
    expect(screen.getByText("1 ok · 0 failed")).toBeInTheDocument();
    expect(screen.getByText("Not tested")).toBeInTheDocument();
  });

  it("of a channel without models is neither good nor bad", async () => {
    const bare = channel({ models: [] });
    renderPage("/admin/channels?test=pro-1", {
      me: root(),
      handlers: channelHandlers({ channels: [bare], statuses: [] }),
    });
    expect(await screen.findByText("Not testable")).toBeInTheDocument();
  });
});
