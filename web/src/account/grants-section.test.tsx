import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http, type RequestHandler } from "msw";
import { afterEach, describe, expect, it } from "vitest";
import type { OauthGrantView } from "@/api/types";
import { setLanguage } from "@/i18n";
import { features, me } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";

const notebook: OauthGrantView = {
  app: { id: "oa_1", name: "Notebook", publisher: "Example Ltd" },
  scopes: ["profile", "relay"],
  remembered: true,
  api_key_id: "ak_1",
  created_at: "2026-11-20T08:00:00Z",
  last_used_at: new Date(Date.now() - 300_000).toISOString(),
};

const terminal: OauthGrantView = {
  app: { id: "oa_2", name: "Terminal", publisher: "" },
  scopes: ["email"],
  remembered: false,
  created_at: "2026-11-22T08:00:00Z",
};

function openGrants({
  items = [notebook, terminal],
  who = me({ features: features({ oauth_apps: true }) }),
  first = [] as RequestHandler[],
} = {}) {
  const gone: string[] = [];
  let now = items;
  const handlers = [
    ...first,
    http.get("/api/oauth/grants", () => HttpResponse.json({ items: now })),
    http.delete("/api/oauth/grants/:id", ({ params }) => {
      gone.push(String(params.id));
      now = now.filter(({ app }) => app.id !== params.id);
      return new HttpResponse(null, { status: 204 });
    }),
  ];
  return { gone, ...renderPage("/account", { me: who, handlers }) };
}

const part = async () => within(await screen.findByRole("region", { name: "Apps with access" }));

describe("apps with access", () => {
  it("tell what they may do, since when, and by which key", async () => {
    openGrants();
    const list = within(await (await part()).findByRole("list"));
    const [first, second] = list.getAllByRole("listitem");
    for (const word of ["Example Ltd", "Know who you are · Call models", "Not asked again"]) {
      expect(first).toHaveTextContent(word);
    }
    expect(within(first as HTMLElement).getByRole("link", { name: "Its API key" })).toHaveAttribute(
      "href",
      "/tokens",
    );
    expect(second).toHaveTextContent("Never used");
    expect(second).not.toHaveTextContent("Not asked again");
    expect(within(second as HTMLElement).queryByRole("link")).toBeNull();
  });

  it("lead to no page that is switched off", async () => {
    openGrants({ who: me({ features: features({ oauth_apps: true, tokens: false }) }) });
    const list = within(await (await part()).findByRole("list"));
    expect(list.queryByRole("link")).toBeNull();
  });

  it("lose it once it was said what that does", async () => {
    const { gone, user } = openGrants();
    const list = await (await part()).findByRole("list");
    const [take] = within(list).getAllByRole("button", { name: "Take back" });
    await user.click(take as HTMLElement);
    const question = within(
      await screen.findByRole("dialog", { name: "Take back the access of Notebook?" }),
    );
    expect(question.getByText(/loses access at once/)).toBeVisible();
    expect(gone).toEqual([]);
    await user.click(question.getByRole("button", { name: "Take back" }));
    await waitFor(() => expect(screen.queryByText("Notebook")).toBeNull());
    expect(gone).toEqual(["oa_1"]);
  });

  it("stay where they are when it could not be taken back", async () => {
    const down = http.delete("/api/oauth/grants/:id", () => problem(503, "unavailable"));
    const { user } = openGrants({ items: [terminal], first: [down] });
    await user.click(await (await part()).findByRole("button", { name: "Take back" }));
    const question = within(await screen.findByRole("dialog"));
    await user.click(question.getByRole("button", { name: "Take back" }));
    expect(await question.findByText(/cannot answer at the moment/)).toBeVisible();
  });

  it("say that there is none, and when they cannot be had", async () => {
    const { unmount } = openGrants({ items: [] });
    expect(await screen.findByText("No app has access to your account.")).toBeVisible();
    unmount();
    openGrants({ first: [http.get("/api/oauth/grants", () => problem(503, "unavailable"))] });
    expect(await (await part()).findByRole("button", { name: "Try again" })).toBeVisible();
  });

  it("are not asked for where the site has none", async () => {
    openGrants({ who: me() });
    await screen.findByRole("region", { name: "Sessions" });
    expect(screen.queryByRole("region", { name: "Apps with access" })).toBeNull();
  });
});

describe("in Chinese", () => {
  afterEach(() => setLanguage("en"));

  it("the part reads as it should", async () => {
    await setLanguage("zh-CN");
    openGrants();
    const region = within(await screen.findByRole("region", { name: "已授权的应用" }));
    expect(await region.findByText(/知道你是谁 · 以你的名义调用模型/)).toBeVisible();
  });
});
