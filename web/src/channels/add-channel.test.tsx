import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { result, steps, stream } from "./fixtures/channels";
import { channelHandlers, takeChanges } from "./fixtures/handlers";

type Seen = { body: unknown; ifMatch: string | null }[];
const keyed = "sk-test-canary-9f3a";

const detected = http.post("/api/admin/channels/detect", () =>
  HttpResponse.json({
    kind: "openai",
    name: "example",
    base_url: "https://a.example/v1",
    keys: [keyed],
    models: [],
    dialects: [],
    notes: ["path_removed"],
  }),
);

async function openSheet(handlers: Parameters<typeof renderPage>[1] & object = {}) {
  const page = renderPage("/admin/channels?add=", {
    me: root(),
    ...handlers,
    handlers: [...(handlers.handlers ?? []), ...channelHandlers()],
  });
  const sheet = await screen.findByRole("dialog", { name: "Add channel" });
  return { ...page, sheet };
}

async function paste(user: Awaited<ReturnType<typeof openSheet>>["user"]) {
  await user.click(await screen.findByLabelText(/Paste anything/));
  await user.paste("curl https://a.example/v1/chat/completions -H 'authorization: Bearer …'");
  await screen.findByText("Filled in from what was pasted");
}

describe("adding a channel", () => {
  it("goes from something pasted to a saved channel", async () => {
    const seen: Seen = [];
    const { user, sheet, pages } = await openSheet({ handlers: [detected, takeChanges(seen)] });
    await paste(user);
    expect(within(sheet).getByText("The path of a call was cut off the address.")).toBeVisible();
    expect(within(sheet).getByLabelText("Base URL")).toHaveValue("https://a.example/v1");
    expect(within(sheet).getByLabelText("Name")).toHaveValue("example");
    expect(await within(sheet).findByText(/a.example\/v1\/chat\/completions/)).toBeVisible();
    await user.click(within(sheet).getByRole("button", { name: "Fetch models" }));
    expect(await within(sheet).findByRole("checkbox", { name: "gpt-6" })).toBeChecked();
    expect(within(sheet).getByRole("checkbox", { name: "gpt-6-preview" })).not.toBeChecked();
    await user.click(within(sheet).getByRole("button", { name: "Save and enable" }));
    await waitFor(() => expect(seen).toHaveLength(1));
    expect(seen[0]?.body).toEqual({
      name: "example",
      kind: "openai",
      base_url: "https://a.example/v1",
      dialects: [],
      priority: 0,
      weight: 1,
      enabled: true,
      groups: ["default"],
      credentials: [{ name: "default", key: keyed }],
      models: ["gpt-6"],
    });
    await waitFor(() => expect(pages.state.location.pathname).toBe("/admin/channels/example"));
    expect(document.body.innerHTML).not.toContain(keyed);
  });

  it("tests before it saves, and takes over the base URL that would answer", async () => {
    const fix = { base_url: "https://a.example/v2" };
    const failure = { code: "not_found" as const, detail: "404 page", fix };
    const probe = http.post(
      "/api/admin/channels/probe",
      () =>
        new HttpResponse(
          stream([
            ...steps("gpt-6", { dns: 9_000, connect: 20_000, headers: 90_000 }),
            ["result", result({ model: "gpt-6", upstream_model: "gpt-6", ok: false, failure })],
            ["done", { tested: 1, ok: 0, failed: 1 }],
          ]),
          { headers: { "content-type": "text/event-stream" } },
        ),
    );
    const { user, sheet } = await openSheet({ handlers: [detected, probe] });
    expect(within(sheet).getByRole("button", { name: "Test now" })).toHaveAccessibleDescription(
      "Enter a key first",
    );
    await paste(user);
    await user.click(within(sheet).getByRole("button", { name: "Test now" }));
    expect(await within(sheet).findByText("There is no such path")).toBeVisible();
    await user.click(within(sheet).getByRole("button", { name: /^Use/ }));
    expect(within(sheet).getByLabelText("Base URL")).toHaveValue("https://a.example/v2");
  });

  it("saves disabled, keeps what was typed when it fails, and never takes the place of another", async () => {
    const seen: Seen = [];
    const { user, sheet } = await openSheet({ handlers: [detected, takeChanges(seen)] });
    await paste(user);
    const name = within(sheet).getByLabelText("Name");
    await user.clear(name);
    await user.type(name, "pro-1");
    await user.click(within(sheet).getByRole("button", { name: "Save disabled" }));
    expect(await within(sheet).findByText("There is a channel of this name.")).toBeVisible();
    expect(seen).toEqual([]);
    await user.type(name, "b");
    await user.click(within(sheet).getByRole("button", { name: "Save disabled" }));
    await waitFor(() => expect(seen[0]?.body).toMatchObject({ name: "pro-1b", enabled: false }));
  });

  it("says in words why the models could not be fetched", async () => {
    const refused = http.post("/api/admin/channels/upstream-models", () =>
      problem(400, "invalid", { params: { failure: "unauthorized" } }),
    );
    const { user, sheet } = await openSheet({ handlers: [detected, refused] });
    await paste(user);
    await user.click(within(sheet).getByRole("button", { name: "Fetch models" }));
    expect(await within(sheet).findByText("The key is refused")).toBeVisible();
  });

  it("warns about a base URL, with what to do", async () => {
    const warned = http.post("/api/admin/channels/resolve", () =>
      HttpResponse.json({
        urls: [],
        warnings: [{ code: "duplicate_version", detail: "twice" }],
        addresses: [],
      }),
    );
    const { sheet } = await openSheet({ handlers: [warned] });
    expect(await within(sheet).findByText(/version stands in the path twice/)).toBeVisible();
  });

  it("asks before typed things are lost", async () => {
    const { user, sheet } = await openSheet({});
    await user.type(within(sheet).getByLabelText("Name"), "x");
    await user.click(within(sheet).getByRole("button", { name: "Close" }));
    await user.click(await screen.findByRole("button", { name: "Stay" }));
    expect(within(sheet).getByLabelText("Name")).toHaveValue("x");
    await user.click(within(sheet).getByRole("button", { name: "Close" }));
    await user.click(await screen.findByRole("button", { name: "Leave" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("starts from another channel, without its keys", async () => {
    renderPage("/admin/channels?add=pro-1", { me: root(), handlers: channelHandlers() });
    const sheet = await screen.findByRole("dialog", { name: "Add channel" });
    expect(await within(sheet).findByLabelText("Name")).toHaveValue("pro-1-2");
    expect(within(sheet).getByText(/Its keys cannot be read back/)).toBeVisible();
    expect(within(sheet).getByLabelText("Keys")).toHaveValue("");
  });

  it("lets an admin save without keys", async () => {
    const admin = me({ role: "admin", permissions: operatorPermissions });
    const { sheet } = await openSheet({ me: admin });
    expect(within(sheet).getByText(/Only root may store keys/)).toBeVisible();
    expect(within(sheet).queryByLabelText("Keys")).toBeNull();
    expect(within(sheet).queryByRole("button", { name: "Test now" })).toBeNull();
  });
});
