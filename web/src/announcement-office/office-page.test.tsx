import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it } from "vitest";

import { setLanguage } from "@/i18n";
import { features, me, root } from "@/test/fixtures";
import { problem } from "@/test/server";
import { announcement, draft, openOffice } from "./office-fixture";

const base = "/api/admin/announcements";
const row = (name: RegExp) => screen.findByRole("row", { name });

describe("the announcements of the office", () => {
  it("tell how each stands, for whom it is, and how many have read it", async () => {
    const some = draft({
      user_groups: ["vip"],
      severity: "critical",
      texts: { zh: { title: "维护", body: "今晚。" } },
    });
    openOffice({ items: [announcement(), some] });
    const live = await row(/Maintenance/);
    for (const word of ["Live", "Information", "Everyone", "12"]) {
      expect(live).toHaveTextContent(word);
    }
    const other = await row(/维护/);
    for (const word of ["Draft", "Critical", "vip"]) expect(other).toHaveTextContent(word);
    expect(within(other).getByText("维护")).toHaveAttribute("lang", "zh-CN");
  });

  it("keep what is hostile as text", async () => {
    const texts = { en: { title: "<img src=x>", body: "<script>1</script>" } };
    const { container } = openOffice({ items: [announcement({ texts })] });
    expect(await screen.findByText("<img src=x>")).toBeVisible();
    expect(container.querySelector("img, script")).toBeNull();
  });

  it("are published and ended from the list", async () => {
    const { sent, user } = openOffice({ items: [announcement(), draft()] });
    const live = within(await row(/Live/));
    expect(live.queryByRole("button", { name: "Publish now" })).toBeNull();
    await user.click(live.getByRole("button", { name: /^Actions/ }));
    await user.click(await screen.findByRole("menuitem", { name: "End now" }));
    expect(await screen.findByText("Maintenance has ended")).toBeVisible();
    await user.click(within(await row(/Draft/)).getByRole("button", { name: /^Actions/ }));
    expect(screen.queryByRole("menuitem", { name: "End now" })).toBeNull();
    await user.click(await screen.findByRole("menuitem", { name: "Publish now" }));
    expect(await screen.findByText("Maintenance is published")).toBeVisible();
    expect(sent).toMatchObject([
      {
        what: `PUT ${base}/an_1`,
        body: {
          publish_at: "2026-11-24T08:00:00Z",
          expires_at: "now",
          texts: announcement().texts,
        },
      },
      { what: `PUT ${base}/an_2`, body: { publish_at: "now", severity: "info" } },
    ]);
    expect(sent[1]?.body).not.toHaveProperty("expires_at");
  });

  it("say why one could not be published", async () => {
    const refused = http.put(`${base}/:id`, () => problem(503, "unavailable"));
    const { user } = openOffice({ items: [draft()], first: [refused] });
    await user.click(within(await row(/Draft/)).getByRole("button", { name: /^Actions/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Publish now" }));
    expect(await screen.findByText(/^Maintenance: The server cannot answer/)).toBeVisible();
  });

  it("are written once more as a draft, which opens", async () => {
    const { sent, user } = openOffice();
    await user.click(within(await row(/Live/)).getByRole("button", { name: /^Actions/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Duplicate as a draft" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Maintenance" }));
    expect(sheet.getByRole("radio", { name: "Not yet" })).toBeChecked();
    expect(sent[0]?.what).toBe(`POST ${base}`);
    expect(sent[0]?.body).not.toHaveProperty("publish_at");
  });

  it("are deleted once it was said what that does", async () => {
    const { sent, user } = openOffice();
    await user.click(within(await row(/Live/)).getByRole("button", { name: /^Actions/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
    const question = within(await screen.findByRole("dialog", { name: "Delete Maintenance?" }));
    expect(question.getByText(/It disappears for everybody at once/)).toBeVisible();
    expect(sent).toEqual([]);
    await user.click(question.getByRole("button", { name: "Delete" }));
    expect(await screen.findByText("No announcements")).toBeVisible();
    expect(sent).toEqual([{ what: `DELETE ${base}/an_1` }]);
  });

  it("are tried again when they cannot be had", async () => {
    let isDown = true;
    const down = http.get(base, () =>
      isDown ? problem(503, "unavailable") : HttpResponse.json({ items: [announcement()] }),
    );
    const { user } = openOffice({ first: [down] });
    const retry = await screen.findByRole("button", { name: "Try again" });
    isDown = false;
    await user.click(retry);
    expect(await row(/Maintenance/)).toBeVisible();
  });

  it("are for those who operate the site, where they are not switched off", async () => {
    const { unmount } = openOffice({ who: me() });
    expect(await screen.findByText("This is not for your account")).toBeVisible();
    unmount();
    openOffice({ who: root({ features: features({ admin_announcements: false }) }) });
    expect(await screen.findByText("This is switched off")).toBeVisible();
  });
});

describe("in Chinese", () => {
  afterEach(() => setLanguage("en"));

  it("the office reads as it should, and is written in Chinese first", async () => {
    await setLanguage("zh-CN");
    const { user } = openOffice({ items: [announcement()] });
    expect(await screen.findByRole("heading", { level: 1, name: "公告管理" })).toBeVisible();
    expect(await row(/维护/)).toHaveTextContent("展示中");
    await user.click(screen.getByRole("button", { name: "新建公告" }));
    const sheet = within(await screen.findByRole("dialog", { name: "新建公告" }));
    const [first] = sheet.getAllByRole("textbox");
    expect(first).toBe(sheet.getByLabelText("中文标题"));
    expect(sheet.getByRole("radio", { name: "所有人" })).toBeChecked();
  });
});
