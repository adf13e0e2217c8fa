import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, it } from "vitest";

import { problem } from "@/test/server";
import { chat, openNotifications, target } from "./notifications-fixture";

const base = "/api/admin/notifications/targets";
const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));
const isGone = () => waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
const making = { path: "?make=true", targets: [] };

describe("a new target", () => {
  it("of e-mail goes to the addresses given, in the language of the page", async () => {
    const { calls, user } = openNotifications(making);
    const sheet = await dialog("New target");
    await user.type(sheet.getByLabelText("Name"), "Ops");
    const to = sheet.getByLabelText("Addresses");
    await user.type(to, "nobody{Enter}");
    expect(sheet.getByText("This is no e-mail address.")).toBeVisible();
    await user.clear(to);
    await user.type(to, "ops@example.org,b@example.org{Enter}");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    await isGone();
    expect(calls).toEqual([
      {
        what: `POST ${base}`,
        body: {
          name: "Ops",
          language: "en",
          enabled: true,
          settings: { kind: "email", to: ["ops@example.org", "b@example.org"] },
        },
      },
    ]);
    expect(await screen.findByText("Ops is set up")).toBeVisible();
    const toasts = within(screen.getByRole("region", { name: /^Notifications/ }));
    // Neither the sheet that goes nor the toast that comes lets itself be pressed at once.
    await waitFor(() => user.click(toasts.getByRole("button", { name: "Send a test" })));
    expect(await (await dialog("Test of Ops")).findByText("It was taken")).toBeVisible();
    expect(calls[1]).toEqual({ what: `POST ${base}/nt_9/test` });
  });

  it("of a webhook has a secret made for it, to be copied now", async () => {
    const { calls, user } = openNotifications(making);
    const sheet = await dialog("New target");
    await user.selectOptions(sheet.getByLabelText("Kind"), "Webhook");
    expect(sheet.queryByLabelText("Addresses")).toBeNull();
    const secret = sheet.getByLabelText("Signing secret");
    expect(secret).toHaveAttribute("type", "password");
    const { value: first } = secret as HTMLInputElement;
    expect(first).toMatch(/^whsec_.{44}$/);
    expect(sheet.getByRole("button", { name: "Copy Signing secret" })).toBeVisible();
    await user.click(sheet.getByRole("button", { name: "Make another" }));
    const { value: second } = secret as HTMLInputElement;
    expect(second).not.toBe(first);
    await user.type(sheet.getByLabelText("Name"), "Pager");
    await user.type(sheet.getByLabelText("Webhook address"), "https://hooks.example.org/x");
    await user.click(sheet.getByRole("radio", { name: "中文" }));
    await user.click(sheet.getByRole("checkbox", { name: /^Switched on/ }));
    await user.click(sheet.getByRole("button", { name: "Make" }));
    await isGone();
    expect(calls[0]?.body).toEqual({
      name: "Pager",
      language: "zh-CN",
      enabled: false,
      settings: { kind: "webhook", url: "https://hooks.example.org/x", secret: second },
    });
    expect(document.body).not.toHaveTextContent(second);
  });

  it.each([
    [
      "Feishu",
      { "Webhook address": "https://open.feishu.cn/x" },
      { url: "https://open.feishu.cn/x" },
    ],
    ["WeCom", { "Webhook address": "https://qyapi.x/?key=1" }, { url: "https://qyapi.x/?key=1" }],
    [
      "DingTalk",
      {
        "Webhook address": "https://oapi.x/?a=1",
        "Signing secret of the robot (optional)": "SEC1",
      },
      { url: "https://oapi.x/?a=1", secret: "SEC1" },
    ],
    ["Slack", { "Webhook address": "https://hooks.x/s/1" }, { url: "https://hooks.x/s/1" }],
    [
      "Telegram",
      { "Token of the bot": "12:ab", Chat: "-100", "Bot API server (optional)": "https://tg.x" },
      { token: "12:ab", chat_id: "-100", api_base: "https://tg.x" },
    ],
    ["Bark", { "Device key": "k1" }, { device_key: "k1" }],
  ])(
    "of %s says where to get its address, and asks for what it needs",
    async (kind, typed, sent) => {
      const { calls, user } = openNotifications({ ...making, owner: "me" });
      const sheet = await dialog("New target");
      expect(sheet.queryByRole("option", { name: "E-mail" })).toBeNull();
      await user.selectOptions(sheet.getByLabelText("Kind"), kind);
      await user.type(sheet.getByLabelText("Name"), "Mine");
      await user.click(sheet.getByRole("button", { name: "Make" }));
      expect((await sheet.findAllByText(/Fill this in/)).length).toBeGreaterThan(0);
      for (const [label, text] of Object.entries(typed)) {
        await user.type(
          sheet.getByLabelText(label.replace(" (optional)", ""), {
            exact: false,
            selector: "input",
          }),
          text,
        );
      }
      await user.click(sheet.getByRole("button", { name: "Make" }));
      await isGone();
      expect(calls).toMatchObject([
        {
          what: "POST /api/me/notifications/targets",
          body: { settings: { kind: kind.toLowerCase(), ...sent } },
        },
      ]);
    },
  );

  it("keeps nothing that was typed for another kind", async () => {
    const { user } = openNotifications({ ...making, owner: "me" });
    const sheet = await dialog("New target");
    await user.type(sheet.getByLabelText("Webhook address"), "https://mine.example");
    await user.selectOptions(sheet.getByLabelText("Kind"), "Slack");
    expect(sheet.getByLabelText("Webhook address")).toHaveValue("");
    expect(sheet.getByLabelText("Webhook address")).toHaveAttribute("type", "password");
  });

  it("shows what the server refuses beside the fields", async () => {
    const fields = [
      { pointer: "/settings/url", code: "invalid", detail: "a private address" },
      { pointer: "/settings/secret", code: "too_short", detail: "" },
    ];
    const refused = http.post("/api/me/notifications/targets", () =>
      problem(422, "invalid", { fields }),
    );
    const { user } = openNotifications({ ...making, owner: "me", first: [refused] });
    const sheet = await dialog("New target");
    await user.type(sheet.getByLabelText("Name"), "Mine");
    await user.type(sheet.getByLabelText("Webhook address"), "http://10.0.0.1/");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    await waitFor(() =>
      expect(sheet.getByLabelText("Webhook address")).toHaveAccessibleDescription(/not accepted/),
    );
    expect(sheet.getByLabelText("Signing secret")).toHaveAccessibleDescription(/too short/);
    expect(sheet.getByLabelText("Webhook address")).toHaveValue("http://10.0.0.1/");
  });

  it.each([
    [409, "conflict", "There is a target of this name already."],
    [413, "too_large", "There are 5 targets already. Delete one first."],
  ])("tells in words of its own: %d", async (status, code, words) => {
    const fields = status === 409 ? [{ pointer: "/kind", code, detail: "" }] : [];
    const refused = http.post("/api/me/notifications/targets", () =>
      problem(status, code, status === 409 ? {} : { fields }),
    );
    const { user } = openNotifications({ ...making, owner: "me", first: [refused] });
    const sheet = await dialog("New target");
    await user.type(sheet.getByLabelText("Name"), "Mine");
    await user.type(sheet.getByLabelText("Webhook address"), "https://a.example");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    expect(await sheet.findByText(words)).toBeVisible();
    expect(sheet.getByLabelText("Name")).toHaveValue("Mine");
  });

  it("is not left behind unsaved without a question", async () => {
    const { user } = openNotifications(making);
    const sheet = await dialog("New target");
    await user.type(sheet.getByLabelText("Name"), "Ops");
    await user.click(sheet.getByRole("button", { name: "Close" }));
    expect(await screen.findByText("Leave without saving?")).toBeVisible();
  });
});

describe("a target that is there", () => {
  const open = { path: "?row=nt_1" };

  it("is changed without its settings, which are never shown", async () => {
    const { calls, user } = openNotifications(open);
    const sheet = await dialog("Pager");
    expect(sheet.getByText("hooks.example.org")).toBeVisible();
    expect(sheet.queryByLabelText("Kind")).toBeNull();
    expect(sheet.queryByLabelText("Webhook address")).toBeNull();
    await user.clear(sheet.getByLabelText("Name"));
    await user.type(sheet.getByLabelText("Name"), "Night pager");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await isGone();
    expect(await screen.findByText("Night pager was changed")).toBeVisible();
    expect(calls).toEqual([
      { what: `PUT ${base}/nt_1`, body: { name: "Night pager", language: "en", enabled: true } },
    ]);
  });

  it("gets another address and secret together", async () => {
    const { calls, user } = openNotifications({ path: "?row=nt_2", targets: [target(), chat()] });
    const sheet = await dialog("Ops chat");
    expect(sheet.getByText("sign match fail")).toBeVisible();
    await user.click(sheet.getByRole("button", { name: "Replace address and secret" }));
    await user.click(sheet.getByRole("button", { name: "Save" }));
    const url = sheet.getByLabelText("Webhook address");
    await waitFor(() => expect(url).toHaveAccessibleDescription(/Fill this in/));
    await user.type(url, "https://open.feishu.cn/y");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await isGone();
    expect(calls).toMatchObject([
      { body: { enabled: false, settings: { kind: "feishu", url: "https://open.feishu.cn/y" } } },
    ]);
  });

  it("stays where it is when that is thought better of", async () => {
    const { calls, user } = openNotifications(open);
    const sheet = await dialog("Pager");
    await user.click(sheet.getByRole("button", { name: "Replace address and secret" }));
    await user.type(sheet.getByLabelText("Webhook address"), "https://other.example");
    await user.click(sheet.getByRole("button", { name: "Leave where it sends as it is" }));
    expect(sheet.queryByLabelText("Webhook address")).toBeNull();
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await isGone();
    expect(calls[0]?.body).not.toHaveProperty("settings");
  });

  it("says that its name is taken, where the name is", async () => {
    const fields = [{ pointer: "/name", code: "taken", detail: "" }];
    const refused = http.put(`${base}/:id`, () => problem(409, "conflict", { fields }));
    const { user } = openNotifications({ ...open, first: [refused] });
    const sheet = await dialog("Pager");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(sheet.getByLabelText("Name")).toHaveAccessibleDescription(/This is taken/),
    );
  });
});
