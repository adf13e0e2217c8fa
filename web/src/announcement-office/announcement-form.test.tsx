import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, it } from "vitest";

import { problem } from "@/test/server";
import { announcement, openOffice } from "./office-fixture";

const base = "/api/admin/announcements";
const making = { path: "/admin/announcements?make=true" };
const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));
const isGone = () => waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

describe("a new announcement", () => {
  it("is a draft for everyone until something else is chosen", async () => {
    const { sent, user } = openOffice(making);
    const sheet = await dialog("New announcement");
    await user.type(sheet.getByLabelText("Title in English"), "Maintenance");
    await user.type(sheet.getByLabelText("Text in English"), "On **Sunday**.");
    await user.click(sheet.getAllByRole("radio", { name: "Preview" })[0] as HTMLElement);
    expect(sheet.getByText("Sunday").tagName).toBe("STRONG");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await isGone();
    expect(await screen.findByText("Maintenance was saved")).toBeVisible();
    expect(sent).toEqual([
      {
        what: `POST ${base}`,
        body: {
          severity: "info",
          pinned: false,
          must_acknowledge: false,
          user_groups: [],
          texts: { en: { title: "Maintenance", body: "On **Sunday**." } },
        },
      },
    ]);
  });

  it("is published at once to some groups, until a time, and must be acknowledged", async () => {
    const { sent, user } = openOffice(making);
    const sheet = await dialog("New announcement");
    await user.type(sheet.getByLabelText("Title in Chinese"), "维护");
    await user.type(sheet.getByLabelText("Text in Chinese"), "今晚。");
    await user.click(sheet.getByRole("radio", { name: "Critical" }));
    await user.click(sheet.getByRole("checkbox", { name: /^Pinned/ }));
    await user.click(sheet.getByRole("checkbox", { name: /^Must be acknowledged/ }));
    await user.click(sheet.getByRole("radio", { name: "Some user groups" }));
    await user.click(await sheet.findByRole("checkbox", { name: "vip" }));
    await user.click(sheet.getByRole("radio", { name: "Now" }));
    await user.click(sheet.getAllByRole("radio", { name: "At a time" })[1] as HTMLElement);
    fireEvent.change(sheet.getByLabelText("Ends"), { target: { value: "2027-01-01T00:00" } });
    await user.click(sheet.getByRole("button", { name: "Publish" }));
    await isGone();
    expect(sent).toEqual([
      {
        what: `POST ${base}`,
        body: {
          severity: "critical",
          pinned: true,
          must_acknowledge: true,
          user_groups: ["vip"],
          texts: { zh: { title: "维护", body: "今晚。" } },
          publish_at: "now",
          expires_at: new Date("2027-01-01T00:00").toISOString(),
        },
      },
    ]);
  });

  it("is not sent without a whole text, a group and the times that were chosen", async () => {
    const { sent, user } = openOffice(making);
    const sheet = await dialog("New announcement");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    const title = sheet.getByLabelText("Title in English");
    await waitFor(() => expect(title).toHaveAccessibleDescription(/in one language at least/));
    await user.type(title, "Maintenance");
    await user.type(sheet.getByLabelText("Text in English"), "On Sunday.");
    await user.type(sheet.getByLabelText("Title in Chinese"), "维护");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(sheet.getByLabelText("Text in Chinese")).toHaveAccessibleDescription(/or neither/),
    );
    await user.clear(sheet.getByLabelText("Title in Chinese"));
    await user.click(sheet.getByRole("radio", { name: "Some user groups" }));
    await user.click(sheet.getAllByRole("radio", { name: "At a time" })[0] as HTMLElement);
    await user.click(sheet.getByRole("button", { name: "Save" }));
    expect(await sheet.findByText("Choose a user group at least.")).toBeVisible();
    expect(sheet.getByLabelText("Published")).toHaveAccessibleDescription(/A day and a time/);
    expect(sent).toEqual([]);
  });
});

describe("an announcement that is there", () => {
  const open = { path: "/admin/announcements?row=an_1" };

  it("is changed and keeps what was not touched, to the second", async () => {
    const live = announcement({ publish_at: "2026-11-24T08:00:31Z" });
    const { sent, user } = openOffice({ ...open, items: [live] });
    const sheet = await dialog("Maintenance");
    const title = sheet.getByLabelText("Title in English");
    await user.clear(title);
    await user.type(title, "Maintenance, moved");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await isGone();
    expect(await screen.findByText("Maintenance, moved was changed")).toBeVisible();
    expect(sent).toMatchObject([
      {
        what: `PUT ${base}/an_1`,
        body: {
          publish_at: "2026-11-24T08:00:31Z",
          texts: {
            en: { title: "Maintenance, moved", body: "On **Sunday**." },
            zh: announcement().texts.zh,
          },
        },
      },
    ]);
  });

  it("shows what the server refuses beside the fields", async () => {
    const fields = [
      { pointer: "/texts/en/title", code: "too_long", detail: "" },
      { pointer: "/texts/zh/body", code: "invalid", detail: "" },
      { pointer: "/expires_at", code: "expired", detail: "" },
      { pointer: "/user_groups/0", code: "unknown", detail: "" },
    ];
    const refused = http.put(`${base}/:id`, () => problem(422, "invalid", { fields }));
    const view = announcement({ user_groups: ["vip"], expires_at: "2026-12-24T08:00:00Z" });
    const { user, pages } = openOffice({ ...open, items: [view], first: [refused] });
    const sheet = await dialog("Maintenance");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(sheet.getByLabelText("Title in English")).toHaveAccessibleDescription(
        /This is too long/,
      ),
    );
    expect(sheet.getByLabelText("Text in Chinese")).toHaveAccessibleDescription(
      /This value is not accepted/,
    );
    expect(sheet.getByLabelText("Ends")).toHaveAccessibleDescription(/This has expired/);
    expect(sheet.getByText("This is not known.")).toBeVisible();
    expect(pages.state.location.searchStr).toContain("row=an_1");
  });

  it("says what is wrong with all of its texts, and when there is no room", async () => {
    const fields = [{ pointer: "/texts", code: "required", detail: "" }];
    let isFull = false;
    const refused = http.put(`${base}/:id`, () =>
      isFull ? problem(413, "too_large") : problem(422, "invalid", { fields }),
    );
    const { user } = openOffice({ ...open, first: [refused] });
    const sheet = await dialog("Maintenance");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    expect(await sheet.findByText("Fill this in.")).toBeVisible();
    isFull = true;
    await user.click(sheet.getByRole("button", { name: "Save" }));
    expect(await sheet.findByText(/There are 500 announcements already/)).toBeVisible();
  });
});
