import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { channelHandlers } from "@/channels/fixtures/handlers";
import { root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { channelTest } from "./tests-fixture";

const path = "/admin/channels/pro-1/tests";

const open = (answer: Parameters<typeof http.get>[1]) =>
  renderPage(path, {
    me: root(),
    handlers: [http.get("/api/admin/channels/:name/tests", answer), ...channelHandlers()],
  });

describe("the tests of a channel", () => {
  it("are one row each, with what was found and what to do about it", async () => {
    const flawed = channelTest("ct_2", {
      trigger: "schedule",
      depth: "scan",
      outcome: "flawed",
      answered_model: "gpt-4o-mini",
      findings: [
        { code: "other_model", severity: "error" },
        { code: "burst", severity: "warning" },
      ],
    });
    const { credential: _, ...gone } = channelTest("ct_1", {
      trigger: "probe",
      outcome: "failed",
      status: 401,
      cause: "unauthorized",
      detail: "wrong key",
    });
    const { user } = open(() => HttpResponse.json({ items: [channelTest("ct_3"), flawed, gone] }));
    const table = await screen.findByRole("table", { name: "Tests of this channel" });
    const [, passed, scanned, failed] = within(table).getAllByRole("row");
    expect(passed).toHaveTextContent("Passed");
    expect(passed).toHaveTextContent("11 → 3");
    expect(passed).toHaveTextContent("Nothing found");
    expect(scanned).toHaveTextContent("Schedule · Scan");
    expect(scanned).toHaveTextContent("answered as gpt-4o-mini");
    await user.click(within(scanned as HTMLElement).getByText("2 findings"));
    expect(scanned).toHaveTextContent("Another model answers");
    expect(scanned).toHaveTextContent("proxy_buffering");
    expect(failed).toHaveTextContent("Probe of a rest");
    expect(failed).toHaveTextContent("no longer there");
    expect(
      screen.getByRole("img", { name: "The last 3 tests: 1 passed, 1 flawed, 1 failed" }),
    ).toBeInTheDocument();
  });

  it("go on at the next page", async () => {
    const { user } = open(({ request }) => {
      const isNext = new URL(request.url).searchParams.get("cursor") === "ct_9";
      return HttpResponse.json(
        isNext
          ? { items: [channelTest("ct_8", { model: "older" })] }
          : { items: [channelTest("ct_9")], next: "ct_9" },
      );
    });
    await user.click(await screen.findByRole("button", { name: "Show older tests" }));
    expect(await screen.findByText("older")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Show older tests" })).toBeNull();
  });

  it("that never were say how to begin", async () => {
    const { user } = open(() => HttpResponse.json({ items: [] }));
    expect(await screen.findByText("Not tested yet")).toBeInTheDocument();
    const [, here] = screen.getAllByRole("button", { name: "Test" });
    await user.click(here as HTMLElement);
    expect(await screen.findByRole("dialog", { name: "Test pro-1" })).toBeInTheDocument();
  });

  it("that cannot be loaded say so, and can be asked for again", async () => {
    let isUp = false;
    const { user } = open(() =>
      isUp ? HttpResponse.json({ items: [channelTest("ct_1")] }) : problem(503, "unavailable"),
    );
    const again = await screen.findByRole("button", { name: "Try again" });
    isUp = true;
    await user.click(again);
    const table = await screen.findByRole("table", { name: "Tests of this channel" });
    expect(table).toHaveTextContent("Passed");
  });
});

describe("the scan of a channel", () => {
  it("is asked for beside the test, and shows what it finds", async () => {
    const asked: unknown[] = [];
    const result = {
      model: "gpt-5.2",
      upstream_model: "gpt-5.2",
      dialect: "chat",
      credential: "k1",
      ok: true,
      duration_us: 5,
      model_mismatch: false,
      findings: [{ code: "include_usage_ignored", severity: "warning" }],
      request: "",
      response: "",
      curl: "",
    };
    const events: [string, object][] = [
      ["result", result],
      ["done", { tested: 1, ok: 1, failed: 0 }],
    ];
    const text = events
      .map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
      .join("");
    const { user } = renderPage("/admin/channels/pro-1", {
      me: root(),
      handlers: [
        http.post("/api/admin/channels/pro-1/test", async ({ request }) => {
          asked.push(await request.json());
          return new HttpResponse(text, { headers: { "content-type": "text/event-stream" } });
        }),
        ...channelHandlers(),
      ],
    });
    await user.click(await screen.findByRole("button", { name: "Scan" }));
    const sheet = await screen.findByRole("dialog");
    expect(within(sheet).getByRole("radio", { name: "Scan" })).toBeChecked();
    await user.click(within(sheet).getByRole("button", { name: "Scan one model" }));
    expect(await screen.findByText("The usage of streams is not sent")).toBeInTheDocument();
    expect(asked).toEqual([{ models: ["gpt-5.2"], depth: "scan" }]);
  });
});
