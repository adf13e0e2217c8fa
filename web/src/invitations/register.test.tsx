import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { me } from "@/test/fixtures";
import { beginningOf, renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { inviteSearch } from "./code";

const site = { invitations: true };

async function signUp(user: ReturnType<typeof renderPage>["user"]) {
  await user.type(await screen.findByLabelText("Account name"), "ana");
  await user.type(screen.getByLabelText("Password"), "eight or more");
  await user.click(screen.getByRole("button", { name: "Create account" }));
}

/** A server that takes whoever comes, but by a code that is none. */
function serverTakes(isValid: boolean) {
  const seen: object[] = [];
  server.use(
    http.post("/api/register", async ({ request }) => {
      const wish = (await request.json()) as object;
      seen.push(wish);
      const fields = [{ pointer: "/invite", code: "unknown", detail: "no such invitation" }];
      return isValid || !("invite" in wish)
        ? HttpResponse.json(me(), { status: 201 })
        : problem(422, "invalid", { fields });
    }),
  );
  return seen;
}

describe("signing up by an invitation", () => {
  it("says so, and tells the server whose it is", async () => {
    const seen = serverTakes(true);
    const { user, pages } = renderPage("/register?invite=7G4KQ2M9XA", { me: null, site });
    expect(await screen.findByText(/You were invited;/)).toBeVisible();
    await signUp(user);
    await waitFor(() => expect(pages.state.location.pathname).toBe(beginningOf(pages)));
    expect(seen).toEqual([{ username: "ana", password: "eight or more", invite: "7G4KQ2M9XA" }]);
  });

  it("goes on without one that is not valid, with what was typed", async () => {
    const seen = serverTakes(false);
    const { user, pages } = renderPage("/register?invite=GONE", { me: null, site });
    await signUp(user);
    expect(await screen.findByRole("alert")).toHaveTextContent("The invitation is not valid");
    expect(pages.state.location.href).toBe("/register?invite=GONE");
    await user.click(screen.getByRole("button", { name: "Go on without it" }));
    expect(await screen.findByText(/The invitation is left out/)).toHaveFocus();
    expect(pages.state.location.href).toBe("/register");
    expect(screen.getByLabelText("Account name")).toHaveValue("ana");
    await user.click(screen.getByRole("button", { name: "Create account" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe(beginningOf(pages)));
    expect(seen.at(-1)).toEqual({ username: "ana", password: "eight or more" });
  });

  it.each([
    ["there are no invitations", "7G4KQ2M9XA", {}],
    ["the address has no code", "a%20b", site],
  ])("is signing up as ever where %s", async (_, invite, where) => {
    const seen = serverTakes(true);
    const { user } = renderPage(`/register?invite=${invite}`, { me: null, site: where });
    await signUp(user);
    await waitFor(() => expect(seen).toEqual([{ username: "ana", password: "eight or more" }]));
  });
});

it.each([
  ["7G4KQ2M9XA", { invite: "7G4KQ2M9XA" }],
  [1234567890, { invite: "1234567890" }],
  ["", {}],
  ["a b", {}],
  ["<script>", {}],
  ["A".repeat(65), {}],
  [undefined, {}],
  [["A"], {}],
])("of %j in the address is kept: %j", (invite, kept) => {
  expect(inviteSearch({ invite })).toEqual(kept);
});
