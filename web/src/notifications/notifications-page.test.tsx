import { screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";

import { setLanguage } from "@/i18n";
import { me, operatorPermissions, root } from "@/test/fixtures";
import { openNotifications } from "./notifications-fixture";

describe("the page of notifications", () => {
  it("is for root alone on the side of the site", async () => {
    const first = openNotifications({ who: me() });
    expect(await screen.findByText("This is not for your account")).toBeVisible();
    first.unmount();
    openNotifications({ who: me({ role: "admin", permissions: operatorPermissions }) });
    expect(await screen.findByText("This is not for your account")).toBeVisible();
  });

  it.each(["site", "me"] as const)("is not there in self mode: %s", async (owner) => {
    openNotifications({ owner, who: root(), site: { self_mode: true } });
    expect(await screen.findByText("This is switched off")).toBeVisible();
    expect(screen.queryByRole("link", { name: "Notifications" })).toBeNull();
  });

  it("has a place of its own in the menu and above the page", async () => {
    const { user } = openNotifications({ owner: "me" });
    expect(await screen.findByRole("heading", { level: 1, name: "Notifications" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "More" }));
    const menu = within(await screen.findByRole("dialog"));
    expect(menu.getByRole("link", { name: "Notifications" })).toHaveAttribute(
      "aria-current",
      "page",
    );
    expect(menu.getByRole("link", { name: "Account" })).not.toHaveAttribute("aria-current");
  });
});

describe("in Chinese", () => {
  afterEach(() => setLanguage("en"));

  it("the page reads as it should", async () => {
    await setLanguage("zh-CN");
    const { user } = openNotifications();
    expect(await screen.findByRole("heading", { level: 1, name: "通知" })).toBeVisible();
    const rule = within(await screen.findByRole("group", { name: "大量调用失败" }));
    expect(rule.getByLabelText("达到")).toHaveAccessibleDescription(/默认 20/);
    await user.click(screen.getByRole("button", { name: "新建通知目标" }));
    const sheet = within(await screen.findByRole("dialog", { name: "新建通知目标" }));
    await user.selectOptions(sheet.getByLabelText("类型"), "企业微信");
    expect(sheet.getByText(/消息推送/)).toBeVisible();
    expect(sheet.getByRole("radio", { name: "中文" })).toBeChecked();
  });
});
