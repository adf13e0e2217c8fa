import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { me } from "@/test/fixtures";
import { problem } from "@/test/server";
import { chat, openNotifications, ownRules, target } from "./notifications-fixture";

const base = "/api/admin/notifications/rules";
const rule = async (name: string) => within(await screen.findByRole("group", { name }));
const save = () => screen.getByRole("button", { name: "Save" });

describe("the rules of the site", () => {
  it("say what each event means, and are saved with where they go", async () => {
    const { calls, user } = openNotifications({ targets: [target(), chat()] });
    const errors = await rule("Many calls fail");
    expect(errors.getByText(/last 10 minutes failed/)).toBeVisible();
    expect(await errors.findByRole("checkbox", { name: /^Pager/ })).toBeChecked();
    expect(errors.getByRole("checkbox", { name: /Ops chat.*Switched off/ })).not.toBeChecked();
    expect(errors.queryByRole("checkbox", { name: "By e-mail" })).toBeNull();
    const field = errors.getByLabelText("From");
    expect(field).toHaveAccessibleDescription(/%.*Usually 20/);
    await user.clear(field);
    await user.type(field, "35");
    await user.click(errors.getByRole("checkbox", { name: /^Ops chat/ }));
    const channel = await rule("Channel takes no calls");
    expect(channel.queryByRole("checkbox")).toBeNull();
    await user.click(channel.getByRole("switch", { name: "Channel takes no calls" }));
    expect(channel.getByText(/It goes nowhere/)).toBeVisible();
    // What is switched off takes nothing.
    await user.click(channel.getByRole("checkbox", { name: /^Ops chat/ }));
    expect(channel.getByText(/It goes nowhere/)).toBeVisible();
    await user.click(channel.getByRole("checkbox", { name: /^Ops chat/ }));
    await user.click(channel.getByRole("checkbox", { name: /^Pager/ }));
    expect(channel.queryByText(/It goes nowhere/)).toBeNull();
    expect(calls).toEqual([]);
    await user.click(screen.getByRole("button", { name: "2 changes" }));
    expect(screen.getByText("On · 35 % · Pager, Ops chat")).toBeVisible();
    await user.click(save());
    expect(await screen.findByText("The rules are saved")).toBeVisible();
    expect(calls).toEqual([
      {
        what: `PUT ${base}/error_rate_high`,
        body: { enabled: true, targets: ["nt_1", "nt_2"], threshold: 35 },
      },
      { what: `PUT ${base}/channel_resting`, body: { enabled: true, targets: ["nt_1"] } },
    ]);
    await waitFor(() => expect(screen.queryByRole("button", { name: "Save" })).toBeNull());
    expect(errors.getByLabelText("From")).toHaveValue("35");
  });

  it("are held to their bounds before anything is sent", async () => {
    const { calls, user } = openNotifications();
    const errors = await rule("Many calls fail");
    const field = errors.getByLabelText("From");
    await user.clear(field);
    await user.type(field, "101");
    expect(field).toHaveAccessibleDescription(/At most 100\./);
    await user.click(save());
    expect(field).toHaveFocus();
    expect(calls).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Discard" }));
    expect(field).toHaveValue("20");
    expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
  });

  it("that are refused stay changed and say why, and the others are saved", async () => {
    const fields = [{ pointer: "/targets/0", code: "unknown", detail: "" }];
    const refused = http.put(`${base}/error_rate_high`, () => problem(422, "invalid", { fields }));
    const { calls, user } = openNotifications({ first: [refused] });
    const errors = await rule("Many calls fail");
    await user.click(await errors.findByRole("checkbox", { name: /^Pager/ }));
    await user.click((await rule("Channel takes no calls")).getByRole("switch"));
    await user.click(save());
    expect(await errors.findByText("This is not known.")).toBeVisible();
    expect(screen.getByText(/did not accept this/)).toBeVisible();
    expect(errors.getByText("Changed")).toBeVisible();
    expect(screen.getByRole("button", { name: "1 change" })).toBeVisible();
    expect(calls.map(({ what }) => what)).toEqual([`PUT ${base}/channel_resting`]);
    expect(screen.queryByText("The rules are saved")).toBeNull();
  });

  it("are tried again when they cannot be had", async () => {
    let isDown = true;
    const down = http.get(base, () =>
      isDown
        ? problem(503, "unavailable")
        : HttpResponse.json({ items: [{ event: "order_paid", enabled: false, targets: [] }] }),
    );
    const { user } = openNotifications({ first: [down] });
    const region = within(await screen.findByRole("region", { name: "Rules" }));
    const retry = await region.findByRole("button", { name: "Try again" });
    isDown = false;
    await user.click(retry);
    expect(await region.findByRole("switch", { name: "Order paid" })).not.toBeChecked();
  });

  it("say that there is no target yet", async () => {
    openNotifications({ targets: [] });
    const errors = await rule("Many calls fail");
    expect(await errors.findByText(/set one up below/)).toBeVisible();
  });
});

describe("the rules of a user", () => {
  it("go to their own address too, with an amount in dollars", async () => {
    const { calls, user } = openNotifications({ owner: "me" });
    const balance = await rule("Balance low");
    const email = balance.getByRole("checkbox", { name: "By e-mail" });
    expect(email).toBeChecked();
    expect(balance.getByLabelText("Less than")).toHaveValue("1");
    await user.clear(balance.getByLabelText("Less than"));
    await user.type(balance.getByLabelText("Less than"), "2.5");
    await user.click(email);
    await user.click(await balance.findByRole("checkbox", { name: /^Pager/ }));
    await user.click(save());
    await waitFor(() =>
      expect(calls).toEqual([
        {
          what: "PUT /api/me/notifications/rules/balance_low",
          body: { enabled: true, email: false, targets: ["nt_1"], threshold: 250 },
        },
      ]),
    );
  });

  const { email: _, ...nobody } = me();
  it.each([
    ["no address", nobody, {}, /You have no address/, "Add an address"],
    [
      "none that is proved",
      me({ email_verified: false }),
      {},
      /address is not confirmed/,
      "Confirm it",
    ],
    ["a site without mail", me(), { mail: false }, /Not on this site/, undefined],
  ] as const)("come by no e-mail with %s", async (_, who, site, words, link) => {
    openNotifications({ owner: "me", who, site });
    const balance = await rule("Balance low");
    expect(balance.getByRole("checkbox", { name: /^By e-mail/ })).toBeDisabled();
    expect(balance.getByText(words)).toBeVisible();
    expect(await balance.findByText(/It goes nowhere/)).toBeVisible();
    if (link === undefined) expect(screen.queryByRole("link", { name: "Confirm it" })).toBeNull();
    else
      expect(screen.getByRole("link", { name: link })).toHaveAttribute("href", "/account#profile");
  });

  it("are not left behind unsaved without a question", async () => {
    const { user, pages } = openNotifications({ owner: "me", rules: ownRules() });
    await user.click((await rule("Balance low")).getByRole("switch"));
    void pages.navigate({ to: "/account" });
    expect(await screen.findByText("Leave without saving?")).toBeVisible();
  });
});
