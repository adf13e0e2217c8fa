import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { Bootstrap, Me, SessionView } from "@/api/types";
import { features, me } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";

const session = (changes: Partial<SessionView>): SessionView => ({
  id: "se_1",
  current: false,
  created_at: "2026-11-20T08:00:00Z",
  last_seen_at: "2026-11-24T10:29:00Z",
  expires_at: "2026-12-24T08:00:00Z",
  address: "203.0.113.7",
  user_agent: "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0",
  ...changes,
});

interface Opened {
  user?: Me;
  site?: Partial<Bootstrap>;
  sessions?: SessionView[];
}

/** The account page of somebody; `items` are the sessions the server knows. */
function openAccount({
  user: who = me(),
  site = {},
  sessions = [session({ current: true })],
}: Opened = {}) {
  const items = [...sessions];
  server.use(http.get("/api/me/sessions", () => HttpResponse.json({ items })));
  return { ...renderPage("/account", { me: who, site }), items };
}

const part = (name: string) => screen.findByRole("region", { name });

describe("sessions", () => {
  it("are listed by device, and the others can be ended one by one", async () => {
    const sessions = [session({ current: true }), session({ id: "se_2", user_agent: "curl/8.1" })];
    const { user, items } = openAccount({ sessions });
    server.use(
      http.delete("/api/me/sessions/:id", ({ params }) => {
        items.splice(
          items.findIndex(({ id }) => id === params.id),
          1,
        );
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const list = await screen.findByRole("list", { name: "Sessions" });
    expect(within(list).getByText("Firefox, Windows")).toBeInTheDocument();
    await user.click(within(list).getByRole("button", { name: "End" }));
    const question = await screen.findByRole("dialog");
    expect(question).toHaveAccessibleDescription(/signed out at once/);
    await user.click(within(question).getByRole("button", { name: "End session" }));
    await waitFor(() => expect(within(list).queryByText("curl")).not.toBeInTheDocument());
    expect(within(list).queryByRole("button", { name: "End" })).not.toBeInTheDocument();
  });

  it("can all be ended at once, with the number said before", async () => {
    const sessions = [session({ current: true }), session({ id: "a" }), session({ id: "b" })];
    const { user, items } = openAccount({ sessions });
    server.use(
      http.delete("/api/me/sessions", () => {
        items.splice(1);
        return new HttpResponse(null, { status: 204 });
      }),
    );
    await user.click(await screen.findByRole("button", { name: "End all others" }));
    const dialog = await screen.findByRole("dialog");
    expect(dialog).toHaveAccessibleDescription("2 other sessions end at once.");
    await user.click(within(dialog).getByRole("button", { name: "End all others" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(screen.queryByRole("button", { name: "End" })).not.toBeInTheDocument();
  });

  it("that cannot be listed say so and can be asked for again", async () => {
    renderPage("/account", {
      handlers: [http.get("/api/me/sessions", () => problem(500, "internal"), { once: true })],
    });
    const alert = await screen.findByText("Something failed inside the server.");
    expect(alert).toBeInTheDocument();
    expect(screen.getByText("Request req_test")).toBeInTheDocument();
  });
});

describe("the password", () => {
  async function change(user: ReturnType<typeof openAccount>["user"]) {
    await user.click(await screen.findByRole("button", { name: "Change password" }));
    await user.type(screen.getByLabelText("Present password"), "old one");
    await user.type(screen.getByLabelText("New password"), "eight or more");
    await user.click(screen.getByRole("button", { name: "Save password" }));
  }

  it("is changed with the present one", async () => {
    const { user } = openAccount();
    const seen: unknown[] = [];
    server.use(
      http.post("/api/me/password", async ({ request }) => {
        seen.push(await request.json());
        return new HttpResponse(null, { status: 204 });
      }),
    );
    await change(user);
    expect(await screen.findByText(/All other sessions are over/)).toBeInTheDocument();
    expect(seen).toEqual([{ old_password: "old one", new_password: "eight or more" }]);
  });

  it("stays when the present one is wrong", async () => {
    const { user } = openAccount();
    server.use(http.post("/api/me/password", () => problem(401, "wrong_credentials")));
    await change(user);
    expect(await screen.findByText("The present password is wrong.")).toBeInTheDocument();
    expect(screen.getByLabelText("New password")).toHaveValue("eight or more");
  });
});

describe("the second step", () => {
  it("is set up with a code, and the recovery codes are shown once", async () => {
    const { user } = openAccount();
    const codes: unknown[] = [];
    server.use(
      http.post("/api/me/totp/begin", () =>
        HttpResponse.json({
          secret: "ABCDEFGHIJKLMNOP",
          uri: "otpauth://totp/Realms:ana?secret=ABC",
        }),
      ),
      http.post("/api/me/totp", async ({ request }) => {
        codes.push(await request.json());
        return codes.length === 1
          ? problem(401, "code_wrong")
          : HttpResponse.json({ recovery_codes: ["aaaa-bbbb", "cccc-dddd"] });
      }),
    );
    const totp = await part("Authenticator app");
    await user.click(within(totp).getByRole("button", { name: "Set up" }));
    expect(await within(totp).findByRole("img", { name: /QR code/ })).toBeInTheDocument();
    expect(within(totp).getByText("ABCD EFGH IJKL MNOP")).toBeInTheDocument();
    await user.type(within(totp).getByLabelText("Code"), "000000");
    await user.click(within(totp).getByRole("button", { name: "Turn on" }));
    expect(await within(totp).findByRole("alert")).toHaveTextContent("The code is wrong.");
    await user.click(within(totp).getByRole("button", { name: "Turn on" }));
    expect(await within(totp).findByText(/aaaa-bbbb/)).toBeInTheDocument();
    expect(within(totp).getByText("On")).toBeInTheDocument();
    await user.click(within(totp).getByRole("button", { name: "I saved them" }));
    expect(document.body).not.toHaveTextContent("aaaa-bbbb");
  });

  it("is turned off after proving who one is", async () => {
    const { user } = openAccount({ user: me({ totp: true }) });
    const proofs: unknown[] = [];
    server.use(
      http.delete("/api/me/totp", () =>
        proofs.length === 0
          ? problem(403, "reauthentication_needed")
          : new HttpResponse(null, { status: 204 }),
      ),
      http.post("/api/me/reauthenticate", async ({ request }) => {
        proofs.push(await request.json());
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const totp = await part("Authenticator app");
    await user.click(within(totp).getByRole("button", { name: "Turn off" }));
    const dialog = await screen.findByRole("dialog");
    await user.click(within(dialog).getByRole("button", { name: "Turn off" }));
    const question = await screen.findByRole("dialog", { name: "Confirm that it is you" });
    await user.type(within(question).getByLabelText("Password"), "pass word");
    await user.click(within(question).getByRole("button", { name: "Confirm" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(proofs).toEqual([{ password: "pass word" }]);
    expect(within(await part("Authenticator app")).getByText("Off")).toBeInTheDocument();
  });
});

describe("the e-mail address", () => {
  it("is changed by a code sent to the new one", async () => {
    const { user } = openAccount();
    server.use(
      http.post("/api/me/email", () => HttpResponse.json({}, { status: 202 })),
      http.post("/api/me/email/confirm", () => HttpResponse.json(me({ email: "new@example.org" }))),
    );
    const email = await part("E-mail");
    await user.click(within(email).getByRole("button", { name: "Change e-mail" }));
    await user.type(within(email).getByLabelText("New address"), "new@example.org");
    await user.click(within(email).getByRole("button", { name: "Send code" }));
    await user.type(await within(email).findByLabelText("Code from the e-mail"), "123456");
    await user.click(within(email).getByRole("button", { name: "Confirm address" }));
    expect(await within(email).findByText("new@example.org")).toBeInTheDocument();
  });

  it("cannot be changed where no mail is sent, and says so", async () => {
    openAccount({ site: { mail: false } });
    const button = await screen.findByRole("button", { name: /^Change e-mail/ });
    expect(button).toHaveAccessibleDescription(/This site sends no e-mail/);
  });
});

describe("preferences", () => {
  it("are saved at once, and put back when the server refuses", async () => {
    const { user } = openAccount();
    const saved: unknown[] = [];
    server.use(
      http.put("/api/me/preferences", async ({ request }) => {
        saved.push(await request.json());
        return saved.length === 1
          ? new HttpResponse(null, { status: 204 })
          : problem(500, "internal");
      }),
    );
    await user.click(await screen.findByRole("radio", { name: "Compact" }));
    await waitFor(() => expect(saved).toEqual([{ density: "compact" }]));
    await user.click(screen.getByRole("switch", { name: "Single-key shortcuts" }));
    expect(await screen.findByText("Something failed inside the server.")).toBeInTheDocument();
    expect(screen.getByRole("switch", { name: "Single-key shortcuts" })).toBeChecked();
    expect(screen.getByRole("radio", { name: "Compact" })).toBeChecked();
  });
});

it("has no part for what this site does not offer", async () => {
  openAccount();
  await part("Authenticator app");
  expect(screen.queryByRole("region", { name: "Passkeys" })).not.toBeInTheDocument();
  expect(screen.queryByRole("region", { name: "Linked accounts" })).not.toBeInTheDocument();
});

it("leads to notifications where the site is run as a business", async () => {
  const { unmount } = openAccount({ site: { self_mode: false } });
  const link = within(await part("Notifications")).getByRole("link");
  expect(link).toHaveAttribute("href", "/account/notifications");
  unmount();
  openAccount();
  await part("Sessions");
  expect(screen.queryByRole("region", { name: "Notifications" })).not.toBeInTheDocument();
});

it("leads to invitations where there are any", async () => {
  const { unmount } = openAccount({ user: me({ features: features({ invitations: true }) }) });
  const link = within(await part("Invitations")).getByRole("link");
  expect(link).toHaveAttribute("href", "/account/invitations");
  unmount();
  openAccount();
  await part("Sessions");
  expect(screen.queryByRole("region", { name: "Invitations" })).not.toBeInTheDocument();
});
