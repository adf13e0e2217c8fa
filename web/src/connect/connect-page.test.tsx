import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { TokenView, UserModel } from "@/api/types";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { call } from "@/test/usage-fixtures";

const key: TokenView = {
  id: "ak_1",
  name: "laptop",
  hint: "9f3a",
  enabled: true,
  status: "active",
  revealable: true,
  channel_groups: [],
  limits: {},
  rules: {},
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-01T08:00:00Z",
};
const model: UserModel = {
  name: "gpt-5.2",
  owner: "OpenAI",
  dialects: ["responses", "chat"],
  multiplier: "1",
  channel_groups: ["default"],
};

function stream(...calls: object[]) {
  const text = calls.map((one, at) => `id: ${at}\nevent: call\ndata: ${JSON.stringify(one)}\n\n`);
  return http.get("/api/stream", () => {
    // The connection stays open, as the server's does.
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(text.join(""))),
    });
    return new HttpResponse(body, { headers: { "content-type": "text/event-stream" } });
  });
}

const given = [
  http.get("/api/tokens", () => HttpResponse.json({ items: [key] })),
  http.get("/api/models", () => HttpResponse.json({ items: [model] })),
];

describe("connect a client", () => {
  // First: a page that follows at once keeps the connection of the one before.
  it("turns green when the first request arrives, and leads to its trace", async () => {
    renderPage("/connect", { handlers: [...given, stream(call())] });
    const link = await screen.findByRole("link", { name: "Show how it went" });
    expect(link).toHaveAttribute("href", `/usage?req=${call().request_id}`);
  });

  it("fills in the site's own address and the chosen model", async () => {
    renderPage("/connect?client=codex", { handlers: [...given, stream()] });
    expect((await screen.findAllByText(/https:\/\/llm\.example\.org\/v1/)).length).toBeGreaterThan(
      0,
    );
    expect(screen.getAllByText(/gpt-5\.2/).length).toBeGreaterThan(0);
  });

  it("says what went wrong when the keys cannot be loaded", async () => {
    const down = http.get("/api/tokens", () => problem(503, "unavailable"));
    renderPage("/connect", { handlers: [down, ...given, stream()] });
    expect(await screen.findByRole("button", { name: "Try again" })).toBeInTheDocument();
  });
});
