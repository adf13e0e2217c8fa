import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { call, histogram, summary } from "@/test/usage-fixtures";
import { success } from "@/trace/fixtures/answered";

const failed = call({
  request_id: "01990000-0000-7000-8000-000000000002",
  outcome: "failed",
  status: 502,
  cause: "connect",
  attempts: [
    { ...(call().attempts[0] as never as object), outcome: "failed" } as never,
    { ...(call().attempts[0] as never as object), label: "B", outcome: "failed" } as never,
  ],
});

/** What a usage page asks, and with which questions. */
function usage(base: string, items = [call(), failed]) {
  const asked: URLSearchParams[] = [];
  return {
    asked,
    handlers: [
      http.get(`${base}/summary`, () => HttpResponse.json(summary())),
      http.get(`${base}/histogram`, () => HttpResponse.json(histogram())),
      http.get(`${base}/by/:dimension`, () =>
        HttpResponse.json({ items: [{ key: "gpt-5.2", label: "gpt-5.2", ...summary().sums }] }),
      ),
      http.get(base, ({ request }) => {
        asked.push(new URL(request.url).searchParams);
        return HttpResponse.json({ items, approx_total: items.length });
      }),
      http.get(`${base}/:id`, () => HttpResponse.json(success)),
      http.get("/api/stream", () => new HttpResponse(null, { status: 204 })),
    ],
  };
}

describe("usage", () => {
  it("lists one's own calls with their attempts and opens the trace of one", async () => {
    const { handlers } = usage("/api/usage");
    const { user, pages } = renderPage("/usage", { handlers });
    const row = await screen.findByRole("row", { name: /gpt-5\.2.*Failed/s });
    expect(within(row).getByText("B")).toBeInTheDocument();
    await user.click(within(row).getByText("gpt-5.2"));
    await waitFor(() =>
      expect(pages.state.location.search).toMatchObject({ req: failed.request_id }),
    );
    expect(await screen.findByRole("dialog")).toBeInTheDocument();
  });

  it("says of a charge that somebody decided it", async () => {
    const { handlers } = usage("/api/usage", [
      call({ billing: "reviewed" }),
      call({ request_id: failed.request_id, billing: "waived", cost_usd: "0" }),
    ]);
    renderPage("/usage", { handlers });
    expect(await screen.findByText("by hand")).toBeVisible();
    expect(screen.getByText("waived")).toBeVisible();
  });

  it("asks the server what the address says", async () => {
    const { handlers, asked } = usage("/api/usage");
    renderPage("/usage?f=outcome%3Afailed&q=abc&t=7d&s=-cost", { handlers });
    await waitFor(() => expect(asked.length).toBeGreaterThan(0));
    expect(Object.fromEntries(asked.at(-1) ?? [])).toMatchObject({
      filter: "outcome:failed",
      q: "abc",
      sort: "-cost",
    });
  });

  it("narrows to the rows of a breakdown", async () => {
    const { handlers } = usage("/api/usage");
    const { user, pages } = renderPage("/usage?tab=model", { handlers });
    const table = await screen.findByRole("region", { name: "Model" });
    await user.click(await within(table).findByText("gpt-5.2"));
    await waitFor(() => expect(pages.state.location.search).toMatchObject({ f: "model:gpt-5.2" }));
  });

  it("asks for the reader's days only where there are days", async () => {
    const zones = new Map<string, string | null>();
    const note = http.get("/api/usage*", ({ request }) => {
      const { pathname, searchParams } = new URL(request.url);
      zones.set(pathname, searchParams.get("tz"));
    });
    const { handlers } = usage("/api/usage");
    const reader = me({ preferences: { time_zone: "Asia/Tokyo" } });
    renderPage("/usage", { me: reader, handlers: [note, ...handlers] });
    await waitFor(() => expect(zones.get("/api/usage/histogram")).toBe("Asia/Tokyo"));
    // The server refuses the question where it has no meaning.
    expect(zones.get("/api/usage")).toBeNull();
    expect(zones.get("/api/usage/summary")).toBeNull();
  });

  it("says causes in words, and leads from each to its calls, from none too", async () => {
    const parts = http.get("/api/usage/by/cause", () =>
      HttpResponse.json({
        items: [
          { key: "_none", label: "_none", ...summary().sums },
          { key: "rate_limited", label: "rate_limited", ...summary().sums },
        ],
      }),
    );
    const { handlers } = usage("/api/usage");
    const { user, pages } = renderPage("/usage?tab=cause", { handlers: [parts, ...handlers] });
    await user.click(await screen.findByRole("rowheader", { name: "None" }));
    await waitFor(() => expect(pages.state.location.search).toMatchObject({ f: "cause:_none" }));
    expect(await screen.findByRole("button", { name: /^Remove .*Cause is None/ })).toBeVisible();
    await user.click(screen.getByRole("rowheader", { name: "rate limit" }));
    await waitFor(() =>
      expect(pages.state.location.search).toMatchObject({ f: "cause:rate_limited" }),
    );
  });

  it("says what went wrong and offers another try", async () => {
    const { handlers } = usage("/api/usage");
    handlers.unshift(http.get("/api/usage", () => problem(503, "unavailable")) as never);
    renderPage("/usage", { handlers });
    expect(await screen.findByRole("button", { name: "Try again" })).toBeInTheDocument();
  });

  it("is everyone's calls for operators, and closed to others", async () => {
    const { handlers } = usage("/api/admin/usage");
    renderPage("/admin/requests", { me: root(), handlers });
    expect(await screen.findByRole("heading", { name: "Requests", level: 1 })).toBeInTheDocument();
    expect((await screen.findAllByText("ana")).length).toBeGreaterThan(0);
  });
});
