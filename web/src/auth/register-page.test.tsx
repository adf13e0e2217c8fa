import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { me } from "@/test/fixtures";
import { beginningOf, renderPage } from "@/test/render";
import { problem, server } from "@/test/server";

describe("registering", () => {
  it("makes an account and signs in", async () => {
    const seen: unknown[] = [];
    server.use(
      http.post("/api/register", async ({ request }) => {
        seen.push(await request.json());
        return HttpResponse.json(me(), { status: 201 });
      }),
    );
    const { user, pages } = renderPage("/register", { me: null });
    await user.type(await screen.findByLabelText("Account name"), "ana");
    await user.type(screen.getByLabelText("Password"), "eight or more");
    expect(screen.getByText("13 characters: accepted, longer is better")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Create account" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe(beginningOf(pages)));
    expect(seen).toEqual([{ username: "ana", password: "eight or more" }]);
  });

  it("checks a name when it is left, then while it is mended", async () => {
    const { user } = renderPage("/register", { me: null });
    const name = await screen.findByLabelText("Account name");
    await user.type(name, "ana b");
    expect(screen.queryByText(/only, at most 64/)).not.toBeInTheDocument();
    await user.tab();
    expect(await screen.findByText(/only, at most 64/)).toBeInTheDocument();
    await user.type(name, "{backspace}{backspace}");
    await waitFor(() => expect(screen.queryByText(/only, at most 64/)).not.toBeInTheDocument());
  });

  it("says beside the field what the server found", async () => {
    server.use(
      http.post("/api/register", () =>
        problem(422, "invalid", {
          fields: [{ pointer: "/username", code: "taken", detail: "in use" }],
        }),
      ),
    );
    const { user } = renderPage("/register", { me: null });
    await user.type(await screen.findByLabelText("Account name"), "ana");
    await user.type(screen.getByLabelText("Password"), "eight or more");
    await user.click(screen.getByRole("button", { name: "Create account" }));
    await waitFor(() =>
      expect(screen.getByLabelText("Account name")).toHaveAccessibleDescription(/^This is taken\./),
    );
    expect(screen.getByLabelText("Account name")).toBeInvalid();
  });

  it("sends a code to the address first, and waits before the next, over a reload too", async () => {
    const sent: unknown[] = [];
    server.use(
      http.post("/api/register/code", async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json({}, { status: 202 });
      }),
    );
    const surroundings = { me: null, site: { email_verification: true } };
    const first = renderPage("/register", surroundings);
    const send = await screen.findByRole("button", { name: "Send code" });
    await first.user.click(send);
    await waitFor(() => expect(screen.getByLabelText("E-mail")).toBeInvalid());
    expect(sent).toEqual([]);
    await first.user.type(screen.getByLabelText("E-mail"), "ana@example.org");
    await first.user.click(send);
    expect(await screen.findByText(/a code is on its way/)).toBeInTheDocument();
    expect(sent).toEqual([{ email: "ana@example.org" }]);
    first.unmount();
    renderPage("/register", surroundings);
    const wait = await screen.findByRole("button", { name: /^\d+ s/ });
    expect(wait).toHaveAttribute("aria-disabled", "true");
  });

  it("tells whom to ask where it is closed", async () => {
    renderPage("/register", {
      me: null,
      site: { registration: "closed", registration_contact: "Ask Ana, room 7." },
    });
    expect(await screen.findByText("Ask Ana, room 7.")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Create account" })).not.toBeInTheDocument();
  });
});
