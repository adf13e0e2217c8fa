import { act, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it, vi } from "vitest";

import type { PublicStatus } from "@/api/types";
import { problem } from "@/test/server";
import { openPublic, page, status } from "./public-fixture";

const route = "/api/public/status";
const quiet: Partial<PublicStatus> = { state: "unknown", hours: Array(24).fill(null) };

function silent(name: string): PublicStatus {
  const { ok_share: _, p50_first_event_us: __, ...rest } = status({ ...quiet, name });
  return rest;
}

describe("the state of models, for anyone", () => {
  it("is told in words, in one sentence and for each", async () => {
    const models = [
      status(),
      status({ name: "gpt-5.2", state: "degraded", ok_share: 0.7 }),
      status({ name: "gemini-3-pro", state: "down", ok_share: 0.1 }),
      silent("old"),
    ];
    openPublic("/status", { handlers: [page(route, models)] });
    expect(await screen.findByText("2 of 4 models have trouble.")).toBeVisible();
    const row = (name: RegExp) => within(screen.getByRole("row", { name }));
    await screen.findByRole("row", { name: /gpt-5\.2/ });
    expect(row(/claude-opus/).getByText("Works")).toBeVisible();
    expect(row(/gpt-5\.2/).getByText("Has trouble")).toBeVisible();
    expect(row(/gemini-3-pro/).getByText("Does not work")).toBeVisible();
    expect(row(/old/).getByText("Not called")).toBeVisible();
    expect(row(/claude-opus/).getByText("99.8%")).toBeVisible();
    expect(row(/claude-opus/).getByRole("img", { name: /24 of 24 hours/ })).toBeVisible();
  });

  it.each([
    ["Everything works.", [status(), silent("old")]],
    ["1 of 2 models has trouble.", [status(), status({ name: "b", state: "down" })]],
    ["Nothing was called in the last 24 hours.", [silent("old")]],
  ])("is: %s", async (sentence, models) => {
    openPublic("/status", { handlers: [page(route, models)] });
    expect(await screen.findByText(sentence)).toBeVisible();
  });

  it("says nothing of no models but that there are none", async () => {
    openPublic("/status", { handlers: [page(route, [])] });
    expect(await screen.findByText("No models yet")).toBeVisible();
    expect(screen.queryByText("Everything works.")).toBeNull();
  });

  it("counts all pages, whatever the list is narrowed to", async () => {
    const handler = http.get(route, ({ request }) => {
      const query = new URL(request.url).searchParams;
      if (query.get("limit") === null) return HttpResponse.json({ items: [status()] });
      return query.get("cursor") === null
        ? HttpResponse.json({ items: [status()], next: "c" })
        : HttpResponse.json({ items: [status({ name: "b", state: "degraded" })] });
    });
    openPublic("/status?q=opus", { handlers: [handler] });
    expect(await screen.findByText("1 of 2 models has trouble.")).toBeVisible();
  });

  it("is asked for anew every minute", async () => {
    const timers = vi.spyOn(window, "setInterval");
    let models = [status()];
    const handler = http.get(route, () => HttpResponse.json({ items: models }));
    openPublic("/status", { handlers: [handler] });
    expect(await screen.findByText("Everything works.")).toBeVisible();
    const again = timers.mock.calls.find(([, everyMs]) => everyMs === 60_000)?.[0] as () => void;
    models = [status({ state: "down" })];
    act(again);
    expect(await screen.findByText("1 of 1 models has trouble.")).toBeVisible();
  });

  it("that cannot be told says why", async () => {
    openPublic("/status", { handlers: [http.get(route, () => problem(503, "unavailable"))] });
    await waitFor(() => expect(screen.getByText(/cannot answer at the moment/)).toBeVisible());
    expect(screen.queryByText("Everything works.")).toBeNull();
  });
});
