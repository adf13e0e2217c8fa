import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it } from "vitest";

import type { Ranking, RankingShown } from "@/api/types";
import { setLanguage } from "@/i18n";
import { features, me } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";

const on = me({ features: features({ ranking: true }) });

const ranking = (changes: Partial<Ranking> = {}): Ranking => ({
  days: 7,
  items: [
    { place: 1, name: "ben", calls: 120, llm_tokens: 4_200_000, mine: false },
    { place: 2, calls: 40, llm_tokens: 1_000_000, mine: true },
    { place: 2, calls: 3, llm_tokens: 1_000_000, mine: false },
  ],
  mine: { place: 2, calls: 40, llm_tokens: 1_000_000, shown: "anonymous" },
  ...changes,
});

/** A server that keeps how one is shown. */
function server(first: Partial<Ranking> = {}) {
  const asked: string[] = [];
  let { mine } = ranking(first);
  const handlers = [
    http.get("/api/ranking", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json(ranking({ ...first, mine }));
    }),
    http.put("/api/me/ranking", async ({ request }) => {
      const { shown } = (await request.json()) as { shown: RankingShown };
      mine = { ...mine, shown };
      return new HttpResponse(null, { status: 204 });
    }),
  ];
  return { asked, handlers };
}

const shownAs = (name: string) => screen.getByRole("radio", { name });

describe("the ranking", () => {
  afterEach(() => setLanguage("en"));

  it("marks one's own place, also for readers of the screen", async () => {
    renderPage("/ranking", { me: on, handlers: server().handlers });
    const own = await screen.findByRole("row", { current: true });
    expect(own).toHaveTextContent(/^2Anonymous.*You40/);
    expect(screen.getAllByRole("row")).toHaveLength(4);
    expect(screen.getByRole("row", { name: /ben/ })).not.toHaveAttribute("aria-current");
    expect(
      within(screen.getByRole("list", { name: "Where you are" })).getByText("2"),
    ).toBeVisible();
  });

  it("looks as far back as the address says", async () => {
    const { asked, handlers } = server();
    const { user, pages } = renderPage("/ranking?days=30", { me: on, handlers });
    await screen.findByRole("row", { current: true });
    expect(asked).toEqual(["?days=30"]);
    await user.click(screen.getByRole("radio", { name: "1 day" }));
    await waitFor(() => expect(asked).toEqual(["?days=30", "?days=1"]));
    expect(pages.state.location.href).toBe("/ranking?days=1");
    await user.click(screen.getByRole("radio", { name: "7 days" }));
    await waitFor(() => expect(pages.state.location.href).toBe("/ranking"));
  });

  it("looks a week back where the address says something else", async () => {
    const { asked, handlers } = server();
    renderPage("/ranking?days=400", { me: on, handlers });
    await screen.findByRole("row", { current: true });
    expect(asked).toEqual(["?days=7"]);
  });

  it("shows one as one chooses, says what others see, and is asked for again", async () => {
    const { asked, handlers } = server();
    const { user } = renderPage("/ranking", { me: on, handlers });
    expect(await screen.findByText(/and not who you are/)).toBeVisible();
    await user.click(shownAs("By name"));
    expect(await screen.findByText(/Others see your account name, ana,/)).toBeVisible();
    await waitFor(() => expect(asked).toHaveLength(2));
    await user.click(shownAs("Not at all"));
    expect(await screen.findByText(/Others see nothing of you/)).toBeVisible();
    await waitFor(() => expect(asked).toHaveLength(3));
    expect(shownAs("Not at all")).toBeChecked();
  });

  it("leaves it as it was where the server does not take it", async () => {
    const refusing = http.put("/api/me/ranking", () => problem(503, "unavailable"));
    const { user } = renderPage("/ranking", { me: on, handlers: [refusing, ...server().handlers] });
    await screen.findByRole("row", { current: true });
    await user.click(shownAs("By name"));
    expect(await screen.findByRole("alert")).toHaveTextContent("cannot answer at the moment");
    expect(shownAs("Anonymous")).toBeChecked();
  });

  it("says why one has no place, and that there is nobody", async () => {
    const mine = { calls: 0, llm_tokens: 0, shown: "hidden" as const };
    renderPage("/ranking", { me: on, handlers: server({ items: [], mine }).handlers });
    expect(await screen.findByText("Nobody who is listed called in this time.")).toBeVisible();
    expect(screen.getByText("You are not listed")).toBeInTheDocument();
  });

  it("that cannot be loaded says why, and can be asked for again", async () => {
    const failing = http.get("/api/ranking", () => problem(500, "internal"), { once: true });
    const { user } = renderPage("/ranking", { me: on, handlers: [failing, ...server().handlers] });
    expect(await screen.findByText("Something failed inside the server.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("row", { current: true })).toBeVisible();
  });

  it("is not there where it is switched off", async () => {
    renderPage("/ranking");
    expect(await screen.findByText("This is switched off")).toBeVisible();
    expect(screen.queryByRole("link", { name: "Ranking" })).toBeNull();
  });

  it("reads as it should in Chinese", async () => {
    await setLanguage("zh-CN");
    renderPage("/ranking", { me: on, handlers: server().handlers });
    expect(await screen.findByRole("heading", { level: 1, name: "排行榜" })).toBeVisible();
    expect(await screen.findByText(/不知道是谁/)).toBeVisible();
  });
});
