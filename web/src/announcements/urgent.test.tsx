import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { afterEach, describe, expect, it } from "vitest";

import { setLanguage } from "@/i18n";
import { meQuery } from "@/session/session";
import { problem } from "@/test/server";
import { announcement, openReader } from "./announcements-fixture";

const critical = announcement({ severity: "critical" });
const question = announcement({ must_acknowledge: true });

const account = () => screen.findByRole("heading", { level: 1, name: "Account" });

describe("something critical", () => {
  it("is a line over the page, which is put away", async () => {
    const { told, user } = openReader("/account", { items: [critical] });
    const bar = within(await screen.findByRole("region", { name: "Urgent announcement" }));
    expect(bar.getByText("Critical")).toBeVisible();
    expect(bar.getByRole("link", { name: "Maintenance" })).toHaveAttribute(
      "href",
      "/announcements/an_1",
    );
    await user.click(bar.getByRole("button", { name: "Dismiss the announcement" }));
    await waitFor(() => expect(screen.queryByRole("region", { name: /^Urgent/ })).toBeNull());
    expect(told()).toEqual(["POST /api/announcements/an_1/read"]);
    expect(await screen.findByRole("button", { name: "Announcements" })).toBeVisible();
    expect(screen.getByRole("main")).toHaveFocus();
  });

  it("stays when that cannot be told, and says why", async () => {
    const refused = http.post("/api/announcements/:id/read", () => problem(503, "unavailable"));
    const { user } = openReader("/account", { items: [critical], first: [refused] });
    await user.click(await screen.findByRole("button", { name: "Dismiss the announcement" }));
    expect(await screen.findByText(/The server cannot answer at the moment/)).toBeVisible();
    expect(screen.getByRole("link", { name: "Maintenance" })).toBeVisible();
  });

  it("is not told twice on its own page", async () => {
    openReader("/announcements/an_1", { items: [critical] });
    expect(await screen.findByRole("heading", { level: 1, name: "Maintenance" })).toBeVisible();
    expect(screen.queryByRole("region", { name: /^Urgent/ })).toBeNull();
  });
});

describe("what must be acknowledged", () => {
  it("is closed by nothing but its button", async () => {
    const { told, user } = openReader("/account", { items: [question] });
    const dialog = await screen.findByRole("dialog", { name: "Maintenance" });
    expect(within(dialog).getByText("Sunday").tagName).toBe("STRONG");
    expect(within(dialog).getAllByRole("button")).toHaveLength(1);
    await user.keyboard("{Escape}");
    fireEvent.pointerDown(document.body);
    expect(dialog).toBeVisible();
    expect(told()).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "I have read it" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(told()).toEqual(["POST /api/announcements/an_1/read"]);
    expect(await account()).toBeVisible();
  });

  it("asks one after the other", async () => {
    const second = announcement({
      id: "an_2",
      must_acknowledge: true,
      texts: { en: { title: "New terms", body: "Read them." } },
    });
    const { user } = openReader("/account", { items: [question, second] });
    await screen.findByRole("dialog", { name: "Maintenance" });
    await user.click(screen.getByRole("button", { name: "I have read it" }));
    await screen.findByRole("dialog", { name: "New terms" });
    await user.click(screen.getByRole("button", { name: "I have read it" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("lets go when it was withdrawn in the meantime", async () => {
    const gone = http.post("/api/announcements/:id/read", () => problem(404, "not_found"));
    const { become, user } = openReader("/account", { items: [question], first: [gone] });
    await screen.findByRole("dialog", { name: "Maintenance" });
    become([]);
    await user.click(screen.getByRole("button", { name: "I have read it" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("comes to a page that is open already", async () => {
    const { become, queries } = openReader("/account", { items: [] });
    await account();
    become([question]);
    await queries.invalidateQueries({ queryKey: meQuery.queryKey });
    expect(await screen.findByRole("dialog", { name: "Maintenance" })).toBeVisible();
  });

  it("does not stand before its own page", async () => {
    openReader("/announcements/an_1", { items: [question] });
    expect(await screen.findByRole("heading", { level: 1, name: "Maintenance" })).toBeVisible();
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("in Chinese", () => {
  afterEach(() => setLanguage("en"));

  it("it is asked in Chinese, or says that it is there in English only", async () => {
    await setLanguage("zh-CN");
    const texts = { en: { title: "New terms", body: "Read them." } };
    openReader("/account", { items: [announcement({ must_acknowledge: true, texts })] });
    const dialog = within(await screen.findByRole("dialog", { name: "New terms" }));
    expect(dialog.getByText("New terms")).toHaveAttribute("lang", "en");
    expect(dialog.getByText("此公告只有英文版本。")).toBeVisible();
    expect(dialog.getByRole("button", { name: "我已阅读" })).toBeVisible();
  });
});
