import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { me } from "@/test/fixtures";
import { beginningOf, renderPage } from "@/test/render";
import { problem, server } from "@/test/server";

/** A server that lets `ana` in with this answer, and remembers what it was sent. */
function serverAnswers(path: string, answer: () => Response) {
  const seen: unknown[] = [];
  server.use(
    http.post(path, async ({ request }) => {
      seen.push(await request.json());
      return answer();
    }),
  );
  return seen;
}

async function signIn(user: ReturnType<typeof renderPage>["user"]) {
  await user.type(await screen.findByLabelText("Account or e-mail"), " ana ");
  await user.type(screen.getByLabelText("Password"), " pass word ");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
}

describe("signing in", () => {
  it("leads to where one wanted to be", async () => {
    const seen = serverAnswers("/api/session", () => HttpResponse.json({ me: me() }));
    const { user, pages } = renderPage("/login?return_to=%2Faccount%3Fa%3D1", { me: null });
    await signIn(user);
    await waitFor(() => expect(pages.state.location.href).toBe("/account?a=1"));
    expect(seen).toEqual([{ login: "ana", password: " pass word ", remember: false }]);
    expect(await screen.findByRole("heading", { level: 1, name: "Account" })).toBeVisible();
  });

  it("never leads to another site", async () => {
    serverAnswers("/api/session", () => HttpResponse.json({ me: me() }));
    const { user, pages } = renderPage("/login?return_to=%2F%2Fevil.example", { me: null });
    await signIn(user);
    await waitFor(() => expect(pages.state.location.pathname).toBe(beginningOf(pages)));
  });

  it.each([
    [401, "wrong_credentials", {}, "The account or the password is wrong."],
    [403, "user_disabled", {}, "This account is disabled."],
    [429, "throttled", { "retry-after": "42" }, "Wait 42 seconds."],
    [503, "unavailable", {}, "cannot answer at the moment"],
  ])("that is refused with %d %s says why", async (status, code, headers, words) => {
    serverAnswers("/api/session", () => problem(status, code, {}, headers));
    const { user } = renderPage("/login", { me: null });
    await signIn(user);
    expect(await screen.findByRole("alert")).toHaveTextContent(words);
    expect(screen.getByLabelText("Account or e-mail")).toHaveValue(" ana ");
  });

  it("without anything typed asks for both, and leads to the first", async () => {
    const { user } = renderPage("/login", { me: null });
    await user.click(await screen.findByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("2 fields need a look")).toBeInTheDocument();
    await waitFor(() => expect(screen.getByLabelText("Account or e-mail")).toHaveFocus());
    expect(screen.getByLabelText("Account or e-mail")).toHaveAccessibleDescription("Fill this in.");
    await user.click(screen.getByRole("button", { name: "Password" }));
    expect(screen.getByLabelText("Password")).toHaveFocus();
  });

  it("asks for the second step after another site vouched for one", async () => {
    const codes = serverAnswers("/api/session/second-factor", () =>
      codes.length === 1 ? problem(401, "code_expired") : HttpResponse.json({ me: me() }),
    );
    const address = "/login?second_factor=1&return_to=%2Faccount";
    const first = renderPage(address, { me: null });
    await first.user.type(await screen.findByLabelText("Code"), "123456");
    await first.user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByLabelText("Password")).toBeVisible();
    first.unmount();

    const { user, pages } = renderPage(address, { me: null });
    await user.type(await screen.findByLabelText("Code"), "123456");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/account"));
    expect(codes).toEqual(Array(2).fill({ method: "totp", code: "123456" }));
  });

  it("asks for the second step where the account has one", async () => {
    serverAnswers("/api/session", () =>
      HttpResponse.json({
        second_factor: { challenge: "c1", methods: ["totp", "recovery_code"] },
      }),
    );
    const codes = serverAnswers("/api/session/second-factor", () =>
      codes.length === 1 ? problem(401, "code_wrong") : HttpResponse.json({ me: me() }),
    );
    const { user, pages } = renderPage("/login", { me: null });
    await signIn(user);
    await user.type(await screen.findByLabelText("Code"), "123 456");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The code is wrong.");
    await user.click(screen.getByRole("button", { name: "Use a recovery code" }));
    await user.type(screen.getByLabelText("Recovery code"), "k3m9-x7p2");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe(beginningOf(pages)));
    expect(codes).toEqual([
      { challenge: "c1", method: "totp", code: "123456" },
      { challenge: "c1", method: "recovery_code", code: "k3m9-x7p2" },
    ]);
  });

  it("begins anew when the second step took too long", async () => {
    serverAnswers("/api/session", () =>
      HttpResponse.json({ second_factor: { challenge: "c1", methods: ["totp"] } }),
    );
    serverAnswers("/api/session/second-factor", () => problem(401, "code_expired"));
    const { user } = renderPage("/login", { me: null });
    await signIn(user);
    await user.type(await screen.findByLabelText("Code"), "123456");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByLabelText("Account or e-mail")).toBeInTheDocument();
  });
});

describe("the sign-in page", () => {
  it("offers what this site has, with the way back kept", async () => {
    renderPage("/login?return_to=%2Fusage", {
      me: null,
      site: { login_providers: [{ id: "co", name: "Company SSO", kind: "oidc" }] },
    });
    expect(await screen.findByRole("link", { name: "Create an account" })).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Forgot the password" })).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Sign in with Company SSO" })).toHaveAttribute(
      "href",
      expect.stringContaining("/api/session/oauth/co?return_to=%2Fusage"),
    );
    expect(document.title).toBe("Sign in · Realms");
  });

  it("has no dead links where registration is closed and no mail is sent", async () => {
    renderPage("/login", { me: null, site: { registration: "closed", mail: false } });
    expect(await screen.findByText("Registration is closed.")).toBeInTheDocument();
    expect(screen.queryAllByRole("link").map((link) => link.textContent)).toEqual([
      "Skip to content",
    ]);
  });

  it("says why one came back", async () => {
    renderPage("/login?error=unknown_identity", { me: null });
    expect(await screen.findByText(/No account here is linked/)).toBeInTheDocument();
  });

  it("warns before a password goes over plain http", async () => {
    renderPage("/login", { me: null, site: { secure: false } });
    expect(await screen.findByText(/travels unencrypted/)).toBeInTheDocument();
  });

  it("shows the password only when asked", async () => {
    const { user } = renderPage("/login", { me: null });
    const password = await screen.findByLabelText("Password");
    expect(password).toHaveAttribute("type", "password");
    await user.click(screen.getByRole("button", { name: "Show password" }));
    expect(password).toHaveAttribute("type", "text");
  });
});
