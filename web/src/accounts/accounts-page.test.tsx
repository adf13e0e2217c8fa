import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http, type RequestHandler } from "msw";
import { describe, expect, it } from "vitest";

import type { AccountView, Me } from "@/api/types";
import { channel } from "@/channels/fixtures/channels";
import { channelHandlers } from "@/channels/fixtures/handlers";
import { setLanguage } from "@/i18n";
import { me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { account, accountsAt, lost } from "./accounts-fixture";
import { tellTabs } from "./log-in-tabs";

const admin = me({ role: "admin", permissions: operatorPermissions });
const codex = [
  channel({ name: "codex-1", kind: "codex", credentials: [{ name: "k2" }] }),
  channel({ id: "ch_2", name: "codex-2", kind: "codex", credentials: [] }),
];

interface Sent {
  path: string;
  body: unknown;
}

/** A server with accounts that takes what is sent and answers with `answer`. */
function site(answer: () => Response = () => HttpResponse.json({}), items = accountsAt()) {
  const sent: Sent[] = [];
  const handlers: RequestHandler[] = [
    http.get("/api/admin/accounts", () => HttpResponse.json({ items })),
    http.post("/api/admin/accounts/*", async ({ request }) => {
      const { pathname } = new URL(request.url);
      sent.push({
        path: pathname.replace("/api/admin/accounts/", ""),
        body: await request.json(),
      });
      return answer();
    }),
    ...channelHandlers({ channels: codex, statuses: [] }),
  ];
  return { sent, handlers };
}

function open(path = "/admin/accounts", { sent, handlers } = site(), who: Me = root()) {
  return { ...renderPage(path, { me: who, handlers }), sent };
}

const json = (body: object, status = 200) => HttpResponse.json(body, { status }) as Response;
const refused = (status: number, code: string, more: object = {}) =>
  problem(status, code, more) as Response;

describe("the list of accounts", () => {
  it("shows what needs somebody first, with its cause, quota and last error", async () => {
    open();
    const table = await screen.findByRole("region", { name: "Vendor accounts" });
    await within(table).findByRole("row", { name: /^ben@/ });
    const rows = within(table).getAllByRole("row");
    expect(rows[1]).toHaveTextContent("ben@example.org");
    expect(rows[1]).toHaveTextContent("Needs log-in");
    expect(rows[1]).toHaveTextContent("log-in refused");
    expect(rows[1]).toHaveTextContent("the vendor refused: invalid_grant");
    expect(rows[2]).toHaveTextContent("No answer yet");
    const first = within(table).getByRole("row", { name: /^ana@/ });
    expect(within(first).getByTitle(/^5 hours: 42.5% used · starts anew /)).toBeInTheDocument();
    expect(within(first).getByTitle(/^7 days: 93% used · starts anew /)).toBeInTheDocument();
    expect(
      screen.getByText("One account takes no calls until somebody logs in to it again."),
    ).toBeVisible();
  });

  it("says that there is none, in both languages", async () => {
    await setLanguage("zh-CN");
    open("/admin/accounts", site(undefined, []));
    expect(await screen.findByText("还没有账号")).toBeVisible();
    expect(screen.getByRole("heading", { level: 1, name: "上游账号" })).toBeVisible();
  });

  it("tells what went wrong, and tries again", async () => {
    const { handlers } = site();
    const failing = http.get("/api/admin/accounts", () => problem(500, "internal"));
    const { user } = renderPage("/admin/accounts", {
      me: root(),
      handlers: [failing, ...handlers],
    });
    const retry = await screen.findByRole("button", { name: "Try again" });
    server.use(...handlers);
    await user.click(retry);
    expect(await screen.findByRole("row", { name: /ana@example.org/ })).toBeVisible();
  });

  it("is only looked at without the right to more", async () => {
    const { user, unmount } = open("/admin/accounts", site(), admin);
    await user.click(await screen.findByText("ana@example.org"));
    const sheet = await screen.findByRole("dialog", { name: "ana@example.org" });
    expect(within(sheet).getByRole("button", { name: "Renew now" })).toBeVisible();
    expect(within(sheet).queryByRole("button", { name: "Log in again" })).toBeNull();
    unmount();
    open("/admin/accounts?row=cr_a", site(), me({ role: "admin", permissions: ["operate"] }));
    await screen.findByRole("dialog", { name: "ana@example.org" });
    expect(
      screen.queryByRole("button", { name: /Log in|Import|Renew|Ask for/, hidden: true }),
    ).toBeNull();
    expect(
      screen.getByText("Only root may log in to accounts and import tokens."),
    ).toBeInTheDocument();
  });

  it("is not for everyone", async () => {
    open("/admin/accounts", site(), me());
    expect(await screen.findByText("This is not for your account")).toBeVisible();
  });
});

describe("an account", () => {
  async function act(verb: string, answer: () => Response) {
    const opened = open("/admin/accounts?row=cr_a", site(answer));
    const sheet = within(await screen.findByRole("dialog", { name: "ana@example.org" }));
    await opened.user.click(await sheet.findByRole("button", { name: verb }));
    return { ...opened, sheet };
  }
  const refreshed = (outcome: string, more = {}, of: AccountView = account()) =>
    act("Renew now", () => json({ outcome, account: of, ...more }));

  it("says what its state means and what to do", async () => {
    open("/admin/accounts?row=cr_b");
    const sheet = within(await screen.findByRole("dialog", { name: "ben@example.org" }));
    expect(await sheet.findByText(/takes its refresh token no more/)).toBeVisible();
    for (const name of ["Renew now", "Ask for quota"]) {
      expect(sheet.getByRole("button", { name })).toHaveAttribute("aria-disabled", "true");
    }
    const credential = sheet.getByRole("link", { name: "Edit credential" });
    expect(credential).toHaveAttribute("href", "/admin/channels/codex-1/credentials");
  });

  it("is renewed, and shown as it is then", async () => {
    const { sheet, sent } = await refreshed("renewed", {}, account({ plan: "pro" }));
    expect(await sheet.findByText("New tokens are in force.")).toBeVisible();
    expect(sheet.getByText("pro")).toBeVisible();
    expect(sent[0]?.path).toBe("cr_a/refresh");
  });

  it("says why a renewal was put off", async () => {
    const { sheet } = await refreshed("put_off", { detail: "the vendor answered 503" });
    expect(await sheet.findByText("It did not work and is tried again.")).toBeVisible();
    expect(sheet.getByText("the vendor answered 503")).toBeVisible();
  });

  it("asks not to stop a server that holds tokens", async () => {
    const { sheet } = await refreshed("held");
    expect(await sheet.findByText(/Do not stop the server/)).toBeVisible();
  });

  it("that the vendor refuses needs a log-in from then on", async () => {
    const { sheet } = await refreshed(
      "needs_login",
      {},
      account({ state: "needs_login", cause: "reused" }),
    );
    expect(await sheet.findByText(/Somebody must log in again/)).toBeVisible();
    expect(sheet.getByText(/Somebody else used its refresh token/)).toBeVisible();
  });

  it("that cannot be renewed says so", async () => {
    const { sheet } = await act("Renew now", () => refused(409, "conflict"));
    expect(await sheet.findByRole("alert")).toHaveTextContent("It needs a log-in first");
  });

  it("is asked for its quota", async () => {
    const { sheet, sent } = await act("Ask for quota", () =>
      json({ asked: true, account: account() }),
    );
    expect(await sheet.findByText("The vendor answered.")).toBeVisible();
    expect(sent[0]?.path).toBe("cr_a/quota");
    expect(sheet.getByText("42.5% used")).toBeVisible();
    expect(sheet.getByText("9.50")).toBeVisible();
  });

  it("says when the vendor was not asked, did not say, or cannot be reached", async () => {
    const early = await act("Ask for quota", () => json({ asked: false, account: account() }));
    expect(await early.sheet.findByText(/It was asked a moment ago/)).toBeVisible();
    early.unmount();
    const quota = { windows: [], error: "the vendor answered 404" };
    const mute = await act("Ask for quota", () =>
      json({ asked: true, account: account({ quota }) }),
    );
    expect(await mute.sheet.findByText("The vendor did not say.")).toBeVisible();
    expect(mute.sheet.getByText("Nothing heard of it yet")).toBeVisible();
    mute.unmount();
    const away = await act("Ask for quota", () =>
      refused(422, "invalid", { params: { failure: "vendor" } }),
    );
    expect(await away.sheet.findByRole("alert")).toHaveTextContent("could not be reached");
  });

  it("that is gone is said to be gone", async () => {
    open("/admin/accounts?row=cr_gone");
    expect(await screen.findByText("This account is not there any more")).toBeVisible();
  });
});

describe("a log-in", () => {
  const url = "https://auth.example/authorize?state=oauth_1";
  const home = "http://localhost:1455/auth/callback?code=c-secret&state=oauth_1";

  /** Begins one for a new account; what follows is answered by `finish`. */
  async function begin(finish: () => Response, comesBack = false) {
    let count = 0;
    const answer = () => {
      count += 1;
      return count % 2 === 1 ? json({ url, comes_back: comesBack }) : finish();
    };
    const opened = open("/admin/accounts", site(answer));
    const { user } = opened;
    await user.click(await screen.findByRole("button", { name: "Log in to an account" }));
    const sheet = within(await screen.findByRole("dialog", { name: /Log in to a ChatGPT/ }));
    await user.selectOptions(await sheet.findByLabelText("Channel"), "codex-2");
    await user.type(sheet.getByLabelText(/Name of the credential/), "team");
    await user.click(sheet.getByRole("button", { name: "Begin" }));
    const field = await sheet.findByLabelText("Address that the browser ended at");
    const end = async (address: string) => {
      await user.click(sheet.getByLabelText("Address that the browser ended at"));
      await user.paste(address);
      await user.click(sheet.getByRole("button", { name: "Finish log-in" }));
    };
    return { ...opened, sheet, field, end };
  }

  it("leads from the address to open to the account", async () => {
    const arrived = account({ channel: "codex-2", credential: "team", email: "eva@example.org" });
    const { sheet, end, sent, user } = await begin(() => json(arrived, 201));
    const link = sheet.getByRole("link", { name: "Open log-in page" });
    expect(link).toHaveAttribute("href", url);
    expect(link).toHaveAttribute("rel", "noopener noreferrer");
    expect(link).toHaveAttribute("target", "_blank");
    await end(`  ${home} `);
    expect(await sheet.findByRole("status")).toHaveTextContent(
      "eva@example.org takes calls of codex-2 from now on, as credential team.",
    );
    expect(sent).toEqual([
      { path: "log-in", body: { channel: "codex-2", credential: "team" } },
      { path: "log-in/finish", body: { address: home } },
    ]);
    expect(document.body.innerHTML).not.toContain("c-secret");
    await user.click(sheet.getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it.each([
    ["hello", "This is not that address"],
    ["http://localhost:1455/auth/callback?code=c", "A part is missing"],
    ["http://localhost:1455/auth/callback?code=c&state=oauth_2", "from another log-in"],
    [
      "http://localhost:1455/auth/callback?error=access_denied&state=oauth_1",
      "refused there (access_denied)",
    ],
  ])("sends nothing for %s", async (address, words) => {
    const { sheet, field, end, sent } = await begin(() => json({}));
    await end(address);
    await waitFor(() => expect(field).toHaveAccessibleDescription(expect.stringContaining(words)));
    expect(sheet.getByRole("button", { name: "Finish log-in" })).toBeVisible();
    expect(sent).toHaveLength(1);
  });

  it.each([
    [410, "expired", {}, "That log-in is over"],
    [403, "forbidden", {}, "Somebody else began that log-in"],
    [409, "conflict", {}, "an account that does not fit"],
    [422, "invalid", { params: { failure: "vendor" } }, "The vendor did not complete the log-in"],
  ])(
    "that ends with %i %s is begun again, with what was chosen",
    async (status, code, more, words) => {
      const { sheet, end, sent, user } = await begin(() => refused(status, code, more));
      await end(home);
      expect(await sheet.findByRole("alert")).toHaveTextContent(words);
      expect(sheet.getByLabelText("Channel")).toHaveValue("codex-2");
      expect(sheet.getByLabelText(/Name of the credential/)).toHaveValue("team");
      await user.click(sheet.getByRole("button", { name: "Begin" }));
      expect(await sheet.findByRole("link", { name: "Open log-in page" })).toBeVisible();
      expect(sheet.queryByRole("alert")).toBeNull();
      expect(sent.at(-1)?.body).toEqual({ channel: "codex-2", credential: "team" });
    },
  );

  it("ends by itself where the browser comes back, and the tab it left hears of it", async () => {
    const arrived = account({ channel: "codex-2", credential: "team", email: "eva@example.org" });
    const left = await begin(() => json(arrived, 201), true);
    expect(left.sheet.getByText(/comes back here by itself/)).toBeVisible();
    tellTabs({ state: "oauth_2", account: account({ email: "other@example.org" }) });
    tellTabs({ state: "oauth_1", account: arrived });
    expect(await left.sheet.findByText(/eva@example.org takes calls of codex-2/)).toBeVisible();
    left.unmount();

    const came = open(
      "/admin/accounts#code=c-secret&state=oauth_1",
      site(() => json(arrived, 201)),
    );
    const sheet = within(await screen.findByRole("dialog", { name: /Log in to a ChatGPT/ }));
    expect(await sheet.findByText(/eva@example.org takes calls of codex-2/)).toBeVisible();
    expect(came.sent).toEqual([
      { path: "log-in/finish", body: { address: "?code=c-secret&state=oauth_1" } },
    ]);
    expect(came.pages.state.location.hash).toBe("");
    await came.user.click(sheet.getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("that comes back too late says so, once", async () => {
    const { sent } = open(
      "/admin/accounts#code=c&state=oauth_1",
      site(() => refused(410, "expired")),
    );
    expect(await screen.findByRole("alert")).toHaveTextContent("That log-in is over");
    expect(sent).toHaveLength(1);
  });

  it("keeps the address when the server did not answer", async () => {
    const { sheet, end, field } = await begin(() => refused(503, "unavailable"));
    await end(home);
    expect(await sheet.findByRole("alert")).toHaveTextContent("cannot answer at the moment");
    expect(field).toHaveValue(home);
  });

  it("again is for the account that needs it", async () => {
    const { user, sent } = open(
      "/admin/accounts?row=cr_b",
      site(() => json({ url, comes_back: false })),
    );
    const account = await screen.findByRole("dialog", { name: "ben@example.org" });
    await user.click(await within(account).findByRole("button", { name: "Log in again" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Log in again to k2" }));
    expect(sheet.queryByLabelText("Channel")).toBeNull();
    await user.click(sheet.getByRole("button", { name: "Begin" }));
    await sheet.findByRole("link", { name: "Open log-in page" });
    expect(sent[0]?.body).toEqual({ channel: "codex-1", credential: "k2" });
  });

  it("that cannot begin says why", async () => {
    const throttled = site(() => refused(429, "throttled"));
    const { user } = open("/admin/accounts", throttled);
    await user.click(await screen.findByRole("button", { name: "Log in to an account" }));
    const sheet = within(await screen.findByRole("dialog"));
    await user.click(await sheet.findByRole("button", { name: "Begin" }));
    expect(await sheet.findByRole("alert")).toHaveTextContent("Too many log-ins are under way");
  });

  it("needs a channel for accounts", async () => {
    const none = http.get("/api/admin/channels", () => HttpResponse.json({ items: [] }));
    const { sent, handlers } = site();
    const { user } = open("/admin/accounts", { sent, handlers: [none, ...handlers] });
    await user.click(await screen.findByRole("button", { name: "Log in to an account" }));
    const sheet = within(await screen.findByRole("dialog"));
    expect(await sheet.findByText("There is no channel of kind Codex.")).toBeVisible();
    expect(sheet.getByRole("link", { name: "Add channel" })).toHaveAttribute(
      "href",
      "/admin/channels?add=",
    );
  });
});

describe("the accounts of a channel", () => {
  const path = "/admin/channels/codex-1/credentials";

  it("stand above its credentials, and those of other channels do not", async () => {
    const { user, sent } = open(
      path,
      site(() => json({ url: "https://a.example/?state=s" })),
    );
    const section = within(await screen.findByRole("region", { name: "Accounts" }));
    expect(await section.findByText("ben@example.org")).toBeVisible();
    expect(section.queryByText(/a-very-long-name/)).toBeNull();
    expect(screen.getByText(/takes the account’s place/)).toBeVisible();
    await user.click(section.getByRole("button", { name: "Log in to an account" }));
    const sheet = within(await screen.findByRole("dialog"));
    expect(sheet.queryByLabelText("Channel")).toBeNull();
    await user.click(await sheet.findByRole("button", { name: "Begin" }));
    await sheet.findByRole("link", { name: "Open log-in page" });
    expect(sent[0]?.body).toEqual({ channel: "codex-1" });
  });

  it("open without leaving the channel", async () => {
    const { user, pages } = open(path, site(undefined, [lost()]));
    await user.click(await screen.findByText("ben@example.org"));
    expect(await screen.findByRole("dialog", { name: "ben@example.org" })).toBeVisible();
    expect(pages.state.location.pathname).toBe(path);
  });
});

describe("an import of tokens", () => {
  async function begin(answer: () => Response) {
    const opened = open("/admin/accounts", site(answer));
    await opened.user.click(await screen.findByRole("button", { name: "Import tokens" }));
    const sheet = within(await screen.findByRole("dialog", { name: /Import the tokens/ }));
    const file = await sheet.findByLabelText(/auth.json of the Codex CLI/);
    const send = () => opened.user.click(sheet.getByRole("button", { name: "Import tokens" }));
    return { ...opened, sheet, file, send };
  }
  const tokens = { refresh_token: "rt-canary", access_token: "at-canary", account_id: "acc-9" };

  it("takes a whole auth.json apart and never shows it again", async () => {
    const { user, sheet, file, send, sent, queries } = await begin(() => json(account(), 201));
    await user.click(file);
    await user.paste(JSON.stringify({ tokens, last_refresh: "2026-11-29T00:00:00Z" }));
    expect(sheet.getByText("3 values found.")).toBeVisible();
    expect(file).toHaveValue("");
    expect(sheet.getByLabelText("Refresh token")).toHaveAttribute("type", "password");
    await send();
    expect(await sheet.findByText("Imported")).toBeVisible();
    expect(sent).toEqual([{ path: "import", body: { channel: "codex-1", ...tokens } }]);
    expect(document.body.innerHTML).not.toContain("canary");
    const kept = queries.getQueryCache().getAll();
    expect(JSON.stringify(kept.map(({ state }) => state.data))).not.toContain("canary");
  });

  it("says at once that there are no tokens in what was pasted, and sends nothing without one", async () => {
    const { user, file, sheet, send, sent } = await begin(() => json({}));
    await user.click(file);
    await user.paste('{"OPENAI_API_KEY":"sk-1"}');
    expect(file).toHaveAccessibleDescription(
      expect.stringContaining("No refresh token is in this"),
    );
    await send();
    await waitFor(() =>
      expect(sheet.getByLabelText("Refresh token")).toHaveAccessibleDescription(
        expect.stringContaining("Fill this in."),
      ),
    );
    expect(sent).toEqual([]);
  });

  it.each([
    [
      { pointer: "/refresh_token", code: "refused", detail: "these tokens do not work: 401" },
      "Refresh token",
      "Log in instead. (these tokens do not work: 401)",
    ],
    [
      { pointer: "/id_token", code: "needed", detail: "paste it" },
      /^ID token/,
      "do not say which account they are for",
    ],
  ])("says beside the field what is wrong: %o", async (mistake, label, words) => {
    const { user, sheet, send } = await begin(() => refused(422, "invalid", { fields: [mistake] }));
    await user.type(sheet.getByLabelText("Refresh token"), "rt-1");
    await send();
    await waitFor(() =>
      expect(sheet.getByLabelText(label)).toHaveAccessibleDescription(
        expect.stringContaining(words),
      ),
    );
    expect(sheet.getByLabelText("Refresh token")).toHaveValue("rt-1");
  });

  it("says that the account is there already, or another", async () => {
    const { user, sheet, send } = await begin(() => refused(409, "conflict"));
    await user.type(sheet.getByLabelText("Refresh token"), "rt-1");
    await send();
    expect(await sheet.findByRole("alert")).toHaveTextContent("These tokens do not fit");
  });
});
