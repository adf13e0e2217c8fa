import { act, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { setLanguage } from "@/i18n";
import { me } from "@/test/fixtures";
import { problem, server } from "@/test/server";
import { answerAt, asker, consent, openConsent, query } from "./consent-fixture";
import { leaveFor } from "./leave";

vi.mock("./leave", () => ({ leaveFor: vi.fn() }));
beforeEach(() => void vi.mocked(leaveFor).mockReset());

const title = () => screen.findByRole("heading", { level: 1, name: "An app asks for access" });

/** The browser brings a page back as it was left. */
function comeBack() {
  const event = new Event("pageshow");
  Object.defineProperty(event, "persisted", { value: true });
  act(() => void window.dispatchEvent(event));
}

describe("the question", () => {
  it("says who asks, for what, and where one is sent, as whom", async () => {
    const { asked } = openConsent();
    expect(await screen.findByText("Notebook")).toBeVisible();
    expect(await title()).toBeVisible();
    expect(screen.getByText("Example Ltd")).toBeVisible();
    const homepage = screen.getByRole("link", { name: "https://notebook.example" });
    expect(homepage).toHaveAttribute("rel", expect.stringContaining("noopener"));
    const [profile, relay, ...others] = within(
      screen.getByRole("list", { name: "If you allow it, it may:" }),
    ).getAllByRole("listitem");
    expect(others).toEqual([]);
    expect(profile).toHaveTextContent("Know who you are");
    expect(relay).toHaveTextContent("charged to your balance or plan");
    expect(screen.getByText("notebook.example").tagName).toBe("STRONG");
    expect(screen.queryByText(/a program on this computer/)).toBeNull();
    expect(screen.getByText("ana")).toBeVisible();
    expect(screen.getByText("ana@example.org")).toBeVisible();
    expect(asked).toEqual([`?${query}`]);
    expect(document.title).toBe("An app asks for access · Realms");
  });

  it.each(["localhost", "127.0.0.1:49152", "[::1]:1"])(
    "warns of a program on this computer: %s",
    async (redirect_host) => {
      openConsent({ answer: { consent: consent({ redirect_host }) } });
      expect(await screen.findByText(/a program on this computer/)).toBeVisible();
    },
  );

  it("says that a publisher is not given, and keeps what is hostile as text", async () => {
    const app = { id: "oa_1", name: "<img src=x>", publisher: "", homepage: "javascript:alert(1)" };
    const { container } = openConsent({ answer: { consent: consent({ app }) } });
    expect(await screen.findByText("<img src=x>")).toBeVisible();
    expect(screen.getByText("Publisher not given")).toBeVisible();
    expect(container.querySelector("img[src=x], a[href^=javascript]")).toBeNull();
  });

  it("is answered with yes, once", async () => {
    const { said, user } = openConsent();
    await user.dblClick(await screen.findByRole("button", { name: "Allow" }));
    expect(await screen.findByText(/You are being sent to the app/)).toBeVisible();
    expect(said).toEqual([{ query, decision: "approve", remember: false }]);
    expect(vi.mocked(leaveFor).mock.calls).toEqual([[answerAt]]);
  });

  it("is answered with yes, to be asked no more", async () => {
    const { said, user } = openConsent();
    await user.click(await screen.findByRole("checkbox", { name: /Do not ask again/ }));
    await user.click(screen.getByRole("button", { name: "Allow" }));
    await waitFor(() => expect(leaveFor).toHaveBeenCalledOnce());
    expect(said).toEqual([{ query, decision: "approve", remember: true }]);
  });

  it("asks each time where any program on this computer could take the answer", async () => {
    openConsent({ answer: { consent: consent({ can_remember: false }) } });
    expect(await screen.findByRole("button", { name: "Allow" })).toBeVisible();
    expect(screen.queryByRole("checkbox")).toBeNull();
  });

  it("is answered with no, which is never remembered", async () => {
    const { said, user } = openConsent();
    await user.click(await screen.findByRole("checkbox", { name: /Do not ask again/ }));
    await user.click(screen.getByRole("button", { name: "Deny" }));
    await waitFor(() => expect(leaveFor).toHaveBeenCalledOnce());
    expect(said).toEqual([{ query, decision: "deny", remember: false }]);
  });

  it("stands again where the answer did not come through", async () => {
    const { said, user } = openConsent();
    server.use(
      http.post("/api/oauth/authorize", () => problem(503, "unavailable"), { once: true }),
    );
    await user.click(await screen.findByRole("button", { name: "Allow" }));
    expect(await screen.findByText(/cannot answer at the moment/)).toBeVisible();
    expect(leaveFor).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: "Allow" }));
    await waitFor(() => expect(leaveFor).toHaveBeenCalledOnce());
    expect(said).toHaveLength(1);
  });

  it("says that there is no room for the key of the app", async () => {
    const { user } = openConsent();
    server.use(http.post("/api/oauth/authorize", () => problem(409, "too_many_keys")));
    await user.click(await screen.findByRole("button", { name: "Allow" }));
    expect(await screen.findByText(/as many API keys as you may/)).toBeVisible();
    expect(leaveFor).not.toHaveBeenCalled();
  });

  it("is not answered again by a page that the browser kept", async () => {
    const { said, user } = openConsent();
    await user.click(await screen.findByRole("button", { name: "Allow" }));
    await screen.findByText(/You are being sent to the app/);
    comeBack();
    expect(await screen.findByText(/You have answered this/)).toBeVisible();
    expect(said).toHaveLength(1);
    expect(leaveFor).toHaveBeenCalledOnce();
  });
});

describe("nobody is asked", () => {
  const remembered = { consent: consent({ remembered: true }) };

  it("who said yes to the same before", async () => {
    const { said } = openConsent({ answer: remembered });
    await waitFor(() => expect(vi.mocked(leaveFor).mock.calls).toEqual([[answerAt]]));
    expect(said).toEqual([{ query, decision: "approve", remember: true }]);
    expect(screen.queryByRole("button", { name: "Allow" })).toBeNull();
    comeBack();
    expect(await screen.findByText(/You have answered this/)).toBeVisible();
    expect(said).toHaveLength(1);
  });

  it("unless saying it did not come through", async () => {
    const down = http.post("/api/oauth/authorize", () => problem(503, "unavailable"), {
      once: true,
    });
    const { user, said } = openConsent({ answer: remembered, first: [down] });
    await user.click(await screen.findByRole("button", { name: "Allow" }));
    await waitFor(() => expect(leaveFor).toHaveBeenCalledOnce());
    expect(said).toHaveLength(1);
  });

  it("where the app is told at once what is wrong", async () => {
    const redirect_to = "https://notebook.example/cb?error=invalid_scope&state=1e5";
    const { said } = openConsent({ answer: { redirect_to } });
    await waitFor(() => expect(vi.mocked(leaveFor).mock.calls).toEqual([[redirect_to]]));
    expect(said).toEqual([]);
  });

  it.each([
    [404, "unknown_client", /No app is known here/],
    [422, "redirect_mismatch", /an address that is not its own/],
  ])("where the app is set up wrongly: %d %s", async (status, code, words) => {
    const refused = http.get("/api/oauth/authorize", () => problem(status, code));
    openConsent({ first: [refused] });
    const heading = { level: 1, name: "This app is set up wrongly" };
    expect(await screen.findByRole("heading", heading)).toBeVisible();
    expect(screen.getByText(words)).toBeVisible();
    expect(screen.getByText(/Tell whoever makes the app/)).toBeVisible();
    expect(leaveFor).not.toHaveBeenCalled();
  });

  it("while the server cannot be asked, which can be tried again", async () => {
    let isDown = true;
    const down = http.get("/api/oauth/authorize", () =>
      isDown ? problem(503, "unavailable") : HttpResponse.json({ consent: consent() }),
    );
    const { user } = openConsent({ first: [down] });
    const retry = await screen.findByRole("button", { name: "Try again" });
    expect(await title()).toBeVisible();
    isDown = false;
    await user.click(retry);
    expect(await screen.findByText("Notebook")).toBeVisible();
  });
});

describe("whose account it is", () => {
  it("is asked first where nobody is signed in, and the query comes back to the letter", async () => {
    const { asked, user, pages } = openConsent({ who: null });
    await screen.findByRole("heading", { level: 1, name: "Sign in" });
    expect(pages.state.location.search).toEqual({ return_to: `/oauth/authorize?${query}` });
    server.use(http.post("/api/session", () => HttpResponse.json({ me: asker })));
    await user.type(screen.getByLabelText("Account or e-mail"), "ana");
    await user.type(screen.getByLabelText("Password"), "pass word");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("Notebook")).toBeVisible();
    expect(asked).toEqual([`?${query}`]);
  });

  it("can be switched, and the question comes back", async () => {
    const { asked, said, user, pages } = openConsent();
    const ended = vi.fn();
    server.use(
      http.delete("/api/session", () => {
        ended();
        return new HttpResponse(null, { status: 204 });
      }),
      http.post("/api/session", () =>
        HttpResponse.json({ me: me({ ...asker, id: "us_9", username: "ben" }) }),
      ),
    );
    await user.click(await screen.findByRole("button", { name: "Switch account" }));
    await screen.findByRole("heading", { level: 1, name: "Sign in" });
    await waitFor(() => expect(ended).toHaveBeenCalledOnce());
    expect(pages.state.location.search).toEqual({ return_to: `/oauth/authorize?${query}` });
    await user.type(screen.getByLabelText("Account or e-mail"), "ben");
    await user.type(screen.getByLabelText("Password"), "pass word");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("ben")).toBeVisible();
    expect(asked).toEqual([`?${query}`, `?${query}`]);
    expect(said).toEqual([]);
  });

  it("is asked anew where the session ends in between", async () => {
    const over = http.get("/api/oauth/authorize", () => problem(401, "unauthenticated"));
    const { pages } = openConsent({ first: [over] });
    expect(await screen.findByText(/Your session is over/)).toBeVisible();
    expect(pages.state.location.search).toMatchObject({ return_to: `/oauth/authorize?${query}` });
  });
});

describe("in Chinese", () => {
  afterEach(() => setLanguage("en"));

  it("the question reads as it should", async () => {
    await setLanguage("zh-CN");
    openConsent();
    expect(await screen.findByText("以你的名义调用模型")).toBeVisible();
    expect(screen.getByRole("heading", { level: 1, name: "应用请求授权" })).toBeVisible();
    expect(screen.getByRole("button", { name: "允许" })).toBeVisible();
    expect(screen.getByRole("button", { name: "拒绝" })).toBeVisible();
  });
});
