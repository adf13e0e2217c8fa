import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { problem } from "@/test/server";
import { chat, openNotifications, target } from "./notifications-fixture";

const base = "/api/admin/notifications/targets";
const row = async (name: RegExp) =>
  within(await screen.findByRole("grid", { name: "All targets" })).findByRole("row", { name });
const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));

async function choose(
  user: ReturnType<typeof openNotifications>["user"],
  name: RegExp,
  verb: string | RegExp,
) {
  await user.click(within(await row(name)).getByRole("button", { name: /^Actions/ }));
  await user.click(await screen.findByRole("menuitem", { name: verb }));
}

describe("targets", () => {
  it("tell where they are, and what became of the last they were sent", async () => {
    openNotifications({ targets: [target(), chat(), target({ id: "nt_3", name: "New" })] });
    const first = await row(/Pager/);
    for (const word of ["On", "Webhook", "hooks.example.org", "Sent", "5 min. ago"]) {
      expect(first).toHaveTextContent(word);
    }
    const other = await row(/Ops chat/);
    for (const word of ["Switched off", "Feishu", "Failed", "sign match fail"]) {
      expect(other).toHaveTextContent(word);
    }
  });

  it("keep what is hostile as text", async () => {
    const { container } = openNotifications({ targets: [target({ name: "<img src=x>" })] });
    expect(await row(/<img src=x>/)).toBeVisible();
    expect(container.querySelector("img[src=x]")).toBeNull();
  });

  it("are tested at once, and tell whether it was taken", async () => {
    const { calls, user } = openNotifications();
    await user.click(within(await row(/Pager/)).getByRole("button", { name: "Send a test" }));
    const test = await dialog("Test of Pager");
    expect(await test.findByText("It was taken")).toBeVisible();
    expect(test.queryByText("status 200")).toBeNull();
    await user.click(test.getByRole("button", { name: "Send again" }));
    await waitFor(() => expect(calls).toHaveLength(2));
    expect(calls[0]).toEqual({ what: `POST ${base}/nt_1/test` });
  });

  it("that do not take a test say why, and so does a server that cannot send one", async () => {
    let isDown = false;
    const refused = http.post(`${base}/:id/test`, () =>
      isDown
        ? problem(503, "unavailable")
        : HttpResponse.json({ ok: false, detail: "sign match fail" }),
    );
    const { user } = openNotifications({ first: [refused] });
    await choose(user, /Pager/, /^Send a test/);
    const test = await dialog("Test of Pager");
    expect(await test.findByText("It was not taken")).toBeVisible();
    expect(test.getByText("sign match fail")).toBeVisible();
    isDown = true;
    await user.click(test.getByRole("button", { name: "Send again" }));
    expect(await test.findByText(/cannot answer at the moment/)).toBeVisible();
    expect(test.queryByText("It was not taken")).toBeNull();
  });

  it("are switched off and on without their settings", async () => {
    const { calls, user } = openNotifications();
    await choose(user, /Pager/, "Switch off");
    expect(await screen.findByText("Pager is switched off")).toBeVisible();
    await choose(user, /Switched off/, "Switch on");
    expect(await screen.findByText("Pager is switched on")).toBeVisible();
    const body = { name: "Pager", language: "en" };
    expect(calls).toEqual([
      { what: `PUT ${base}/nt_1`, body: { ...body, enabled: false } },
      { what: `PUT ${base}/nt_1`, body: { ...body, enabled: true } },
    ]);
  });

  it("say why one could not be switched off", async () => {
    const refused = http.put(`${base}/:id`, () => problem(503, "unavailable"));
    const { user } = openNotifications({ first: [refused] });
    await choose(user, /Pager/, "Switch off");
    expect(await screen.findByText(/^Pager: The server cannot answer/)).toBeVisible();
  });

  it("are deleted once it was said what that does", async () => {
    const { calls, user } = openNotifications();
    await choose(user, /Pager/, "Delete");
    const question = await dialog("Delete Pager?");
    expect(question.getByText(/The rules no longer send to it/)).toBeVisible();
    expect(calls).toEqual([]);
    await user.click(question.getByRole("button", { name: "Delete" }));
    expect(await screen.findByText("No targets")).toBeVisible();
    expect(calls).toEqual([{ what: `DELETE ${base}/nt_1` }]);
  });

  it("are so many at most", async () => {
    const targets = Array.from({ length: 5 }, (_, at) =>
      target({ id: `nt_${at}`, name: `T${at}` }),
    );
    const { user, pages } = openNotifications({ owner: "me", targets });
    await row(/T4/);
    const make = screen.getByRole("button", { name: "New target" });
    expect(make).toHaveAccessibleDescription(/There are 5 targets already/);
    await user.click(make);
    expect(pages.state.location.searchStr).not.toContain("make");
  });

  it("are tried again when they cannot be had", async () => {
    let isDown = true;
    const down = http.get(base, () =>
      isDown ? problem(503, "unavailable") : HttpResponse.json({ items: [target()] }),
    );
    const { user } = openNotifications({ first: [down] });
    const region = within(await screen.findByRole("region", { name: "Targets" }));
    const retry = await region.findByRole("button", { name: "Try again" });
    isDown = false;
    await user.click(retry);
    expect(await row(/Pager/)).toBeVisible();
  });
});
