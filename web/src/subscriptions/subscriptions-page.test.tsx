import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it } from "vitest";

import { setLanguage } from "@/i18n";
import { me } from "@/test/fixtures";
import { problem } from "@/test/server";
import { billing, openOffice, plan, subscription } from "./office-fixture";

const path = "/admin/subscriptions";
const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));
const table = async () => within(await screen.findByRole("grid", { name: "Subscriptions" }));

describe("everyone's subscriptions", () => {
  it("tell whose they are and what is used, the fullest window first", async () => {
    openOffice(path);
    const grid = await table();
    expect(await grid.findByText("ana")).toBeVisible();
    expect(grid.getByText("Running")).toBeVisible();
    const [fullest, other] = grid.getAllByText(/^\$.* of \$/);
    expect(fullest).toHaveTextContent("$90.00 of $100.00");
    expect(other).toHaveTextContent("$1.50 of $6.00");
  });

  it("are narrowed by user, plan and whether they are over", async () => {
    const { asked, user } = openOffice(path);
    await screen.findByText("ana");
    await user.type(screen.getByRole("searchbox", { name: "User name or id" }), "ana{Enter}");
    await waitFor(() => expect(asked.at(-1)).toBe("?user=ana"));
    await user.selectOptions(screen.getByRole("combobox", { name: "Plan" }), "basic");
    await waitFor(() => expect(asked.at(-1)).toBe("?user=ana&plan=basic"));
    await user.click(screen.getByRole("checkbox", { name: "Only what is not over" }));
    await waitFor(() => expect(asked.at(-1)).toBe("?user=ana&plan=basic&open=true"));
  });

  it("of somebody unknown say so, and all come back", async () => {
    const unknown = http.get("/api/admin/subscriptions", ({ request }) =>
      request.url.includes("user=nobody")
        ? problem(404, "not_found")
        : HttpResponse.json({ items: [subscription()] }),
    );
    const { user } = openOffice(`${path}?f=user:nobody`, { first: [unknown] });
    expect(await screen.findByText("Nobody is called that")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Clear filters" }));
    expect(await screen.findByText("ana")).toBeVisible();
    expect(screen.getByRole("searchbox", { name: "User name or id" })).toHaveValue("");
  });

  it("are extended by some days, and what was not is told item by item", async () => {
    const { sent, user } = openOffice(path, {
      items: [subscription(), subscription({ id: "su_2", username: "bo", state: "ended" })],
      results: [
        { item: "su_1", subscription_id: "su_1" },
        { item: "su_2", problem: "over", detail: "this time of a plan is over" },
      ],
    });
    const grid = await table();
    await user.click(await grid.findByRole("checkbox", { name: /ana/ }));
    await user.click(grid.getByRole("checkbox", { name: /bo/ }));
    // Over the table; each row has one of its own.
    const [bar] = screen.getAllByRole("button", { name: "Extend" });
    await user.click(bar as HTMLElement);
    const form = await dialog("Extend 2 subscriptions");
    await user.type(form.getByLabelText("Reason"), "the outage");
    await user.click(form.getByRole("button", { name: "Extend" }));
    await waitFor(() =>
      expect(form.getByLabelText("Days")).toHaveAccessibleDescription(/A whole number/),
    );
    await user.type(form.getByLabelText("Days"), "3661");
    expect(await form.findByText("At most 3660.")).toBeVisible();
    await user.clear(form.getByLabelText("Days"));
    await user.type(form.getByLabelText("Days"), "3");
    expect(sent).toEqual([]);
    await user.click(form.getByRole("button", { name: "Extend" }));
    expect(await form.findByText("Done: 1")).toBeVisible();
    const failed = within(form.getByRole("list", { name: "1 was left as it is" }));
    expect(failed.getByText("bo · Basic · su_2")).toBeVisible();
    expect(failed.getByText("It is over already.")).toBeVisible();
    expect(sent).toEqual([
      {
        what: "POST /api/admin/subscriptions/change",
        body: { ids: ["su_1", "su_2"], act: "extend", days: 3, reason: "the outage" },
      },
    ]);
    await user.click(form.getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(grid.getByRole("checkbox", { name: /ana/ })).not.toBeChecked();
  });

  it("are revoked one by one, for a reason and without days", async () => {
    const { sent, user } = openOffice(path, {
      results: [{ item: "su_1", subscription_id: "su_1" }],
    });
    await user.click(await screen.findByRole("button", { name: /ana/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Revoke" }));
    const form = await dialog("Revoke 1 subscription");
    expect(form.queryByLabelText("Days")).toBeNull();
    await user.click(form.getByRole("button", { name: "Revoke" }));
    expect(await form.findByText("Fill this in.")).toBeVisible();
    await user.type(form.getByLabelText("Reason"), "shared with many");
    await user.click(form.getByRole("button", { name: "Revoke" }));
    expect(await form.findByText("Done: 1")).toBeVisible();
    expect(sent[0]?.body).toEqual({ ids: ["su_1"], act: "revoke", reason: "shared with many" });
  });

  it("are only looked at by admins", async () => {
    openOffice(path, { who: me({ permissions: ["operate"], ...billing }) });
    const grid = await table();
    expect(await grid.findByText("ana")).toBeVisible();
    expect(grid.queryByRole("checkbox")).toBeNull();
    expect(screen.queryByRole("button", { name: "Give time" })).toBeNull();
  });

  it("say so when there are none, and try again when they cannot be had", async () => {
    let isDown = true;
    const down = http.get("/api/admin/subscriptions", () =>
      isDown ? problem(503, "unavailable") : HttpResponse.json({ items: [] }),
    );
    const { user } = openOffice(path, { first: [down] });
    const retry = await screen.findByRole("button", { name: "Try again" });
    isDown = false;
    await user.click(retry);
    expect(await screen.findByText("No subscriptions")).toBeVisible();
  });
});

describe("giving time", () => {
  it("names each user once, and tells who got nothing and why", async () => {
    const { sent, user } = openOffice(`${path}?make=true`, {
      plans: [plan(), plan({ id: "pl_2", code: "old", name: "Old", enabled: false })],
      results: [
        { item: "ana", subscription_id: "su_9" },
        { item: "nobody", problem: "not_found", detail: "there is no user `nobody`" },
      ],
    });
    const sheet = await dialog("Give time");
    await user.click(await sheet.findByRole("button", { name: "Give" }));
    expect(await sheet.findAllByText("Fill this in.")).toHaveLength(3);
    expect(sheet.getByRole("option", { name: "Old (old) · Not sold" })).toBeInTheDocument();
    await user.selectOptions(sheet.getByLabelText("Plan"), "basic");
    await user.type(sheet.getByLabelText("Users"), "ana{Enter}nobody{Enter}ana");
    expect(sheet.getByText("2 users")).toBeVisible();
    await user.click(sheet.getByRole("radio", { name: "After the last" }));
    await user.type(sheet.getByLabelText("Reason"), "a prize");
    await user.click(sheet.getByRole("button", { name: "Give" }));
    expect(await sheet.findByText("Done: 1")).toBeVisible();
    const failed = within(sheet.getByRole("list", { name: "1 was left as it is" }));
    expect(failed.getByText("nobody")).toBeVisible();
    expect(failed.getByText("There is none like that.")).toBeVisible();
    expect(sent).toEqual([
      {
        what: "POST /api/admin/subscriptions",
        body: { plan: "basic", users: ["ana", "nobody"], start: "deferred", reason: "a prize" },
      },
    ]);
  });

  it("takes 200 users at most, and puts what the server refuses beside its field", async () => {
    const fields = [{ pointer: "/reason", code: "too_long", detail: "" }];
    const refused = http.post("/api/admin/subscriptions", () =>
      problem(422, "invalid", { fields }),
    );
    const { user } = openOffice(`${path}?make=true`, { first: [refused] });
    const sheet = await dialog("Give time");
    await user.selectOptions(await sheet.findByLabelText("Plan"), "basic");
    await user.type(sheet.getByLabelText("Reason"), "a prize");
    await user.click(sheet.getByLabelText("Users"));
    await user.paste(Array.from({ length: 201 }, (_, at) => `user${at}`).join("\n"));
    await user.click(sheet.getByRole("button", { name: "Give" }));
    expect(await sheet.findByText("At most 200 of them.")).toBeVisible();
    await user.clear(sheet.getByLabelText("Users"));
    await user.type(sheet.getByLabelText("Users"), "ana");
    await user.click(sheet.getByRole("button", { name: "Give" }));
    await waitFor(() =>
      expect(sheet.getByLabelText("Reason")).toHaveAccessibleDescription(/This is too long/),
    );
  });

  it("needs a plan first", async () => {
    openOffice(`${path}?make=true`, { plans: [] });
    const sheet = await dialog("Give time");
    expect(await sheet.findByText(/nothing to give/)).toBeVisible();
    expect(sheet.getByRole("link", { name: "New plan" })).toHaveAttribute(
      "href",
      "/admin/plans?make=true",
    );
  });
});

describe("in Chinese", () => {
  afterEach(() => setLanguage("en"));

  it("subscriptions read as they should", async () => {
    await setLanguage("zh-CN");
    const { user } = openOffice(path);
    expect(await screen.findByRole("heading", { level: 1, name: "用户订阅" })).toBeVisible();
    expect(await screen.findByText("生效中")).toBeVisible();
    expect(screen.getByText("$90.00 / $100.00")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "赠送套餐" }));
    const sheet = await dialog("赠送套餐");
    expect(await sheet.findByRole("radio", { name: "接续上一个" })).toBeInTheDocument();
  });
});
