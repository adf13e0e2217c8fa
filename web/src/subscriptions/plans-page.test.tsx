import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it } from "vitest";

import { setLanguage } from "@/i18n";
import { me } from "@/test/fixtures";
import { problem } from "@/test/server";
import { billing, openOffice, plan } from "./office-fixture";

const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));

describe("plans", () => {
  it("tell what they cost, give and are for", async () => {
    openOffice("/admin/plans");
    const grid = within(await screen.findByRole("grid", { name: "Plans" }));
    expect(await grid.findByText("Basic")).toBeVisible();
    expect(grid.getByText("Sold")).toBeVisible();
    expect(grid.getByText("12.00 CNY")).toBeVisible();
    expect(grid.getByText("$6.00 / 5 h · $100.00 / 30 d")).toBeVisible();
    expect(grid.getByText("×0.5")).toBeVisible();
    expect(grid.getByText("vip")).toBeVisible();
  });

  it("are made once the form is right, with a line that says what they come to", async () => {
    const { sent, user } = openOffice("/admin/plans?make=true");
    const sheet = await dialog("New plan");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    expect(await sheet.findByText("At least one limit is needed.")).toBeVisible();
    await user.type(sheet.getByLabelText("Name"), "Pro");
    await user.type(sheet.getByLabelText("Short name"), "pro");
    await user.type(sheet.getByLabelText(/In any 7 days/), "20");
    await waitFor(() => expect(sheet.queryByText("At least one limit is needed.")).toBeNull());
    expect(sheet.getByText("At most $100.00 of use at list prices in its 30 days.")).toBeVisible();
    await user.click(sheet.getByRole("button", { name: "Add a price" }));
    await user.type(sheet.getByLabelText("Currency"), "cny");
    await user.type(sheet.getByLabelText("Amount"), "0");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    expect(await sheet.findByText("More than nothing.")).toBeVisible();
    expect(sent).toEqual([]);
    await user.clear(sheet.getByLabelText("Amount"));
    await user.type(sheet.getByLabelText("Amount"), "49.9");
    await user.click(await sheet.findByRole("checkbox", { name: "vip" }));
    await user.click(sheet.getByRole("button", { name: "Make" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent).toEqual([
      {
        what: "POST /api/admin/plans",
        body: {
          code: "pro",
          name: "Pro",
          user_groups: ["vip"],
          prices: { CNY: "49.9" },
          terms: { days: 30, limit_7d: "20", multiplier: "1" },
        },
      },
    ]);
  });

  it("are changed in what was changed, and say who keeps what", async () => {
    const { sent, user } = openOffice("/admin/plans?row=basic");
    const sheet = await dialog("Basic");
    expect(sheet.getByText(/keeps the terms of that day/)).toBeVisible();
    expect(sheet.getByLabelText("Short name")).toHaveAttribute("readonly");
    await user.click(sheet.getByRole("checkbox", { name: /^Sold/ }));
    await user.clear(sheet.getByLabelText(/In any 5 hours/));
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent).toEqual([
      {
        what: "PATCH /api/admin/plans/basic",
        body: { enabled: false, terms: { days: 30, limit_30d: "100", multiplier: "0.5" } },
      },
    ]);
  });

  it("show what the server refuses beside the fields", async () => {
    const fields = [
      { pointer: "/prices/CNY", code: "invalid", detail: "" },
      { pointer: "/user_groups/0", code: "unknown", detail: "" },
    ];
    const first = [http.patch("/api/admin/plans/basic", () => problem(422, "invalid", { fields }))];
    const { user, pages } = openOffice("/admin/plans?row=basic", { first });
    const sheet = await dialog("Basic");
    await user.type(sheet.getByLabelText("Amount"), "1");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(sheet.getByLabelText("Amount")).toHaveAccessibleDescription(
        /This value is not accepted/,
      ),
    );
    expect(sheet.getByText("This is not known.")).toBeVisible();
    expect(pages.state.location.searchStr).toContain("row=basic");
  });

  it("say at its field when a short name is taken", async () => {
    const first = [http.post("/api/admin/plans", () => problem(409, "conflict"))];
    const { user } = openOffice("/admin/plans?make=true", { first });
    const sheet = await dialog("New plan");
    await user.type(sheet.getByLabelText("Name"), "Basic");
    await user.type(sheet.getByLabelText("Short name"), "basic");
    await user.type(sheet.getByLabelText(/In any 5 hours/), "6");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    await waitFor(() =>
      expect(sheet.getByLabelText("Short name")).toHaveAccessibleDescription(
        /There is a plan of this short name/,
      ),
    );
  });

  it("are taken off sale from the list", async () => {
    const { sent, user } = openOffice("/admin/plans");
    await user.click(await screen.findByRole("button", { name: "Stop selling" }));
    expect(await screen.findByText("Basic is no longer sold")).toBeVisible();
    expect(sent).toEqual([{ what: "PATCH /api/admin/plans/basic", body: { enabled: false } }]);
  });

  it("are only looked at by admins, and one without a price is not sold", async () => {
    openOffice("/admin/plans?row=basic", {
      who: me({ permissions: ["operate"], ...billing }),
      plans: [plan({ prices: {}, user_groups: [] })],
    });
    const grid = within(await screen.findByRole("grid", { name: "Plans" }));
    expect(await grid.findByText("Not sold")).toBeVisible();
    expect(grid.getByText("Everybody")).toBeVisible();
    expect(screen.queryByRole("button", { name: "New plan" })).toBeNull();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("say what to do when there are none", async () => {
    const { user } = openOffice("/admin/plans", { plans: [] });
    expect(await screen.findByText("No plans")).toBeVisible();
    await user.click(screen.getAllByRole("button", { name: "New plan" })[1] as HTMLElement);
    expect(await screen.findByRole("dialog", { name: "New plan" })).toBeVisible();
  });

  it("are tried again when they cannot be had", async () => {
    let isDown = true;
    const down = http.get("/api/admin/plans", () =>
      isDown ? problem(503, "unavailable") : HttpResponse.json({ items: [plan()] }),
    );
    const { user } = openOffice("/admin/plans", { first: [down] });
    const retry = await screen.findByRole("button", { name: "Try again" });
    isDown = false;
    await user.click(retry);
    expect(await screen.findByText("Basic")).toBeVisible();
  });
});

describe("in Chinese", () => {
  afterEach(() => setLanguage("en"));

  it("plans read as they should", async () => {
    await setLanguage("zh-CN");
    const { user } = openOffice("/admin/plans");
    expect(await screen.findByRole("heading", { level: 1, name: "套餐" })).toBeVisible();
    expect(await screen.findByText("在售")).toBeVisible();
    expect(screen.getByText("30 天")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "新建套餐" }));
    const sheet = await dialog("新建套餐");
    await user.type(sheet.getByLabelText(/任意 7 天内/), "20");
    expect(sheet.getByText("按标价计算，30 天内最多可用 $100.00。")).toBeVisible();
  });
});
