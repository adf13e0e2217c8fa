import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { groupsOfUsers, stored, user as userOf } from "./users-fixture";

const ben = userOf("ben");
const given = [
  http.get("/api/admin/people", () =>
    HttpResponse.json({ items: [ben, userOf("chief", { role: "admin" })] }),
  ),
  http.get("/api/admin/user-groups", () => HttpResponse.json({ items: groupsOfUsers })),
  http.get("/api/admin/channel-groups", () => HttpResponse.json({ items: [] })),
  http.get("/api/admin/people/:name", ({ params }) =>
    HttpResponse.json(userOf(String(params.name))),
  ),
  http.get("/api/admin/users/:name", ({ params }) =>
    HttpResponse.json(stored(userOf(String(params.name))), { headers: { etag: '"7"' } }),
  ),
];

async function actions(user: ReturnType<typeof renderPage>["user"], name: string) {
  const row = await screen.findByRole("row", { name: new RegExp(name) });
  await user.click(within(row).getByRole("button", { name: /More|Actions/ }));
}

describe("users", () => {
  it("open on a page of their own", async () => {
    const { user, pages } = renderPage("/admin/users", { me: root(), handlers: given });
    await user.click(await screen.findByText("ben"));
    expect(await screen.findByRole("heading", { level: 1, name: "ben" })).toBeVisible();
    expect(pages.state.location.pathname).toBe("/admin/users/ben");
  });

  it("are created for a free name only, and then shown", async () => {
    let sent: unknown;
    let condition: string | null = null;
    const make = http.put("/api/admin/users/eva", async ({ request }) => {
      sent = await request.json();
      condition = request.headers.get("if-none-match");
      return HttpResponse.json({}, { status: 201 });
    });
    const { user, pages } = renderPage("/admin/users", { me: root(), handlers: [make, ...given] });
    await user.click(await screen.findByRole("button", { name: "Create user" }));
    const sheet = await screen.findByRole("dialog");
    await user.type(within(sheet).getByRole("textbox", { name: /^User/ }), "eva");
    await user.click(within(sheet).getByRole("button", { name: "Create user" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/admin/users/eva"));
    expect(sent).toEqual({ username: "eva", email: "", group: "default", role: "user" });
    expect(condition).toBe("*");
  });

  it("are created with limits, and not with what is no limit", async () => {
    let sent: unknown;
    const make = http.put("/api/admin/users/eva", async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({}, { status: 201 });
    });
    const { user, pages } = renderPage("/admin/users", { me: root(), handlers: [make, ...given] });
    await user.click(await screen.findByRole("button", { name: "Create user" }));
    const sheet = within(await screen.findByRole("dialog"));
    await user.type(sheet.getByRole("textbox", { name: /^User/ }), "eva");
    await user.click(sheet.getByText("Limits"));
    await user.type(sheet.getByLabelText("Calls at once"), "2.5");
    await user.click(sheet.getByRole("button", { name: "Create user" }));
    expect(await sheet.findByText("A whole number.")).toBeVisible();
    expect(sent).toBeUndefined();
    await user.clear(sheet.getByLabelText("Calls at once"));
    await user.type(sheet.getByLabelText("Calls at once"), "2");
    await user.click(sheet.getByRole("button", { name: "Create user" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/admin/users/eva"));
    expect(sent).toMatchObject({ username: "eva", limits: { concurrency: 2 } });
  });

  it("are not created over somebody else, and what was typed stays", async () => {
    const taken = http.put("/api/admin/users/ben", () => problem(409, "conflict"));
    const { user } = renderPage("/admin/users", { me: root(), handlers: [taken, ...given] });
    await user.click(await screen.findByRole("button", { name: "Create user" }));
    const sheet = await screen.findByRole("dialog");
    await user.type(within(sheet).getByRole("textbox", { name: /^User/ }), "ben");
    await user.click(within(sheet).getByRole("button", { name: "Create user" }));
    expect(await within(sheet).findByText(/There is a user of this name/)).toBeVisible();
    expect(within(sheet).getByRole("textbox", { name: /^User/ })).toHaveValue("ben");
  });

  it("are filtered by words that the server knows", async () => {
    const asked: (string | null)[] = [];
    const people = http.get("/api/admin/people", ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("filter"));
      return HttpResponse.json({ items: [ben] });
    });
    renderPage("/admin/users?f=status:disabled", { me: root(), handlers: [people, ...given] });
    await screen.findByText("ben");
    expect(asked).toEqual(["status:disabled"]);
  });

  it("that operate the site are out of reach of an admin, and the menu says why", async () => {
    const admin = me({ id: "us_boss", role: "admin", permissions: operatorPermissions });
    const { user } = renderPage("/admin/users", { me: admin, handlers: given });
    await actions(user, "chief");
    const item = await screen.findByRole("menuitem", { name: /^Delete user/ });
    expect(item).toHaveAttribute("aria-disabled", "true");
    expect(item).toHaveTextContent("Only root accounts change the accounts of admins");
  });
});
