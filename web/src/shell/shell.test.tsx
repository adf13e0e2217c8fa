import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { api } from "@/api/client";
import { me, root } from "@/test/fixtures";
import { beginningOf, renderPage } from "@/test/render";
import { problem, server } from "@/test/server";

const account = () => screen.findByRole("heading", { level: 1, name: "Account" });

function serverKnows() {
  server.use(http.get("/api/me/sessions", () => HttpResponse.json({ items: [] })));
}

describe("the guard", () => {
  it("leads to the sign-in page and remembers the way back", async () => {
    const { pages } = renderPage("/account?x=1", { me: null });
    await screen.findByRole("heading", { level: 1, name: "Sign in" });
    expect(pages.state.location.search).toEqual({ return_to: "/account?x=1" });
  });

  it("leads from the address alone to the first page of the menu", async () => {
    const { pages } = renderPage("/");
    await waitFor(() => expect(pages.state.location.pathname).toBe(beginningOf(pages)));
    expect(pages.state.location.pathname).not.toBe("/");
  });

  it("shows a plain user at the admin's side that it is not for them", async () => {
    renderPage("/admin");
    expect(await screen.findByText("This is not for your account")).toBeInTheDocument();
    expect(screen.queryByText("Admin")).not.toBeInTheDocument();
  });

  it("shows where there is no page that there is none", async () => {
    renderPage("/nowhere");
    expect(await screen.findByText("There is no such page")).toBeInTheDocument();
  });

  it("asks again by itself when the server was away", async () => {
    const away = http.get("/api/bootstrap", () => HttpResponse.error(), { once: true });
    const { user } = renderPage("/login", { me: null, handlers: [away] });
    expect(await screen.findByText("No connection to the server")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeInTheDocument();
  });
});

describe("the session", () => {
  it("that ended leads to the sign-in page, which says so", async () => {
    serverKnows();
    const { pages, queries } = renderPage("/account");
    await account();
    server.use(http.get("/api/thing", () => problem(401, "unauthenticated")));
    await expect(api.get("/api/thing")).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await screen.findByText(/Your session is over/)).toBeInTheDocument();
    expect(pages.state.location.search).toMatchObject({ return_to: "/account" });
    expect(queries.getQueryData(["me"])).toBeNull();
  });

  it("leads to sign in also who follows a link at the moment it ends", async () => {
    const { pages } = renderPage("/account", { me: me() });
    await screen.findByRole("heading", { level: 1 });
    server.use(http.get("/api/thing", () => problem(401, "unauthenticated")));
    await expect(api.get("/api/thing")).rejects.toMatchObject({ code: "unauthenticated" });
    void pages.navigate({ to: "/docs/api" });
    await waitFor(() => expect(pages.state.location.pathname).toBe("/login"));
    expect(pages.state.location.search).toMatchObject({ return_to: "/docs/api" });
  });

  it("that became another user's in a second tab begins the page anew", async () => {
    serverKnows();
    const { reload } = renderPage("/account");
    await account();
    server.use(
      http.get("/api/thing", () => problem(403, "forbidden")),
      http.get("/api/me", () => HttpResponse.json(me({ id: "us_9" }))),
    );
    await expect(api.get("/api/thing")).rejects.toMatchObject({ code: "forbidden" });
    await waitFor(() => expect(reload()).toBe(1));
  });

  it("is left by the user menu", async () => {
    serverKnows();
    let ended = 0;
    server.use(
      http.delete("/api/session", () => {
        ended += 1;
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { user, pages } = renderPage("/account");
    await account();
    await user.click(screen.getByRole("button", { name: "Account: ana" }));
    await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/login"));
    expect(ended).toBe(1);
  });
});

describe("the frame", () => {
  it("switches the language, keeps it, and tells the account", async () => {
    serverKnows();
    const saved: unknown[] = [];
    server.use(
      http.put("/api/me/preferences", async ({ request }) => {
        saved.push(await request.json());
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { user } = renderPage("/account");
    await account();
    await user.click(screen.getByRole("button", { name: "Language" }));
    await user.click(await screen.findByRole("menuitemradio", { name: "中文" }));
    expect(await screen.findByRole("heading", { level: 1, name: "账号" })).toBeInTheDocument();
    expect(document.documentElement.lang).toBe("zh-CN");
    expect(document.title).toBe("账号 · Realms");
    expect(localStorage.getItem("realms.language")).toBe("zh-CN");
    await waitFor(() => expect(saved).toEqual([{ language: "zh-CN" }]));
  });

  it("lists the shortcuts that work", async () => {
    serverKnows();
    const { user } = renderPage("/account");
    await account();
    await user.keyboard("?");
    const list = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    expect(within(list).getByText("Search and commands")).toBeInTheDocument();
    expect(within(list).getByText("Account")).toBeInTheDocument();
  });

  it("takes no single keys where they are switched off", async () => {
    serverKnows();
    const { user } = renderPage("/account", { me: me({ preferences: { single_keys: false } }) });
    await account();
    await user.keyboard("?");
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });
});

describe("the palette", () => {
  async function open() {
    serverKnows();
    const page = renderPage("/account", { me: root() });
    await account();
    await page.user.keyboard("{Control>}k{/Control}");
    const field = await screen.findByRole("combobox", { name: "Search and commands" });
    return { ...page, field };
  }

  it("finds pages by their name and what the server knows by its own", async () => {
    server.use(
      http.get("/api/search", ({ request }) => {
        const q = new URL(request.url).searchParams.get("q");
        const to = "/account?found=1";
        return HttpResponse.json({
          items: [{ kind: "channel", id: "ch_1", label: `pro ${q}`, to }],
        });
      }),
    );
    const { user, field, pages } = await open();
    await user.type(field, "passk");
    expect(await screen.findByRole("option", { name: /Account/ })).toBeInTheDocument();
    await user.click(await screen.findByRole("option", { name: /pro passk/ }));
    await waitFor(() => expect(pages.state.location.href).toBe("/account?found=1"));
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  it("jumps to a request whose id was pasted, even when the search is away", async () => {
    server.use(http.get("/api/search", () => problem(503, "unavailable")));
    const { user, field } = await open();
    await user.click(field);
    await user.paste("01890a5d-ac96-774b-bcce-b302099a8057");
    expect(
      await screen.findByRole("option", { name: /Open request 01890a5d/ }),
    ).toBeInTheDocument();
    expect(await screen.findByText(/The search did not answer/)).toBeInTheDocument();
  });

  it("runs commands", async () => {
    server.use(http.get("/api/search", () => HttpResponse.json({ items: [] })));
    const { user, field } = await open();
    await user.type(field, "dark");
    await user.click(await screen.findByRole("option", { name: "Theme: Dark" }));
    expect(document.documentElement.dataset.theme).toBe("dark");
  });
});
