import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { UserRow } from "@/api/types";
import { me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { sums } from "@/test/usage-fixtures";

const ben: UserRow = {
  id: "us_9",
  username: "ben",
  email: "ben@example.org",
  role: "user",
  user_group: "default",
  enabled: true,
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-01T08:00:00Z",
  keys: 3,
  totp: false,
  today: sums(),
  last_30d: sums({ calls: 41 }),
};
const given = [
  http.get("/api/admin/people", () => HttpResponse.json({ items: [ben] })),
  http.get("/api/admin/user-groups", () => HttpResponse.json({ items: [{ name: "default" }] })),
  http.get("/api/admin/users/ben", () => HttpResponse.json(ben, { headers: { etag: '"7"' } })),
];

async function act(user: ReturnType<typeof renderPage>["user"], name: string) {
  const row = await screen.findByRole("row", { name: /ben/ });
  await user.click(within(row).getByRole("button", { name: /More|Actions/ }));
  await user.click(await screen.findByRole("menuitem", { name: new RegExp(`^${name}`) }));
}

describe("users", () => {
  it("creates one that does not exist yet", async () => {
    let sent: unknown;
    const handlers = [
      http.put("/api/admin/users/eva", async ({ request }) => {
        if (request.headers.get("if-none-match") !== "*") return problem(409, "conflict");
        sent = await request.json();
        return HttpResponse.json({}, { status: 201 });
      }),
      ...given,
    ];
    const { user } = renderPage("/admin/users", { me: root(), handlers });
    await user.click(await screen.findByRole("button", { name: "Create user" }));
    const sheet = await screen.findByRole("dialog");
    await user.type(within(sheet).getByRole("textbox", { name: /^User/ }), "eva");
    await user.click(within(sheet).getByRole("button", { name: "Create user" }));
    await expect
      .poll(() => sent)
      .toEqual({ username: "eva", email: "", group: "default", role: "user" });
  });

  it("does not overwrite what someone else changed", async () => {
    let tag: string | null = null;
    const stale = http.put("/api/admin/users/ben", ({ request }) => {
      tag = request.headers.get("if-match");
      return problem(412, "changed");
    });
    const { user } = renderPage("/admin/users", { me: root(), handlers: [stale, ...given] });
    await act(user, "Edit user");
    await user.click(await screen.findByRole("button", { name: "Save" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Someone else changed this");
    expect(tag).toBe('"7"');
  });

  it("deletes after saying in numbers what that means, and after the name was typed", async () => {
    let isGone = false;
    const remove = http.delete("/api/admin/users/ben", () => {
      isGone = true;
      return new HttpResponse(null, { status: 204 });
    });
    const { user } = renderPage("/admin/users", { me: root(), handlers: [remove, ...given] });
    await act(user, "Delete user");
    const question = await screen.findByRole("dialog");
    expect(question).toHaveTextContent("API keys (3)");
    expect(question).toHaveTextContent("41 calls");
    await user.type(within(question).getByRole("textbox"), "ben");
    await user.click(within(question).getByRole("button", { name: "Delete user" }));
    await expect.poll(() => isGone).toBe(true);
  });

  it("keeps roles and passwords from those who may not set them", async () => {
    const admin = me({ role: "admin", permissions: operatorPermissions });
    const { user } = renderPage("/admin/users", { me: admin, handlers: given });
    await act(user, "Edit user");
    await screen.findByRole("button", { name: "Save" });
    expect(screen.queryByLabelText("Role")).not.toBeInTheDocument();
  });
});
