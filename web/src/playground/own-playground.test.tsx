import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";

import { keys, models } from "@/connect/fixtures/account";
import { features, me } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { call } from "@/test/usage-fixtures";
import { answerOf } from "./fixtures/answers";

/** A server that tells of a call with the id of the answer while the page listens. */
function server(requestId: string) {
  const asked: string[] = [];
  return {
    asked,
    handlers: [
      http.get("/api/models", () => HttpResponse.json({ items: models })),
      http.get("/api/tokens", () =>
        HttpResponse.json({ items: [...keys, { ...keys[0], id: "ak_9", name: "desk" }] }),
      ),
      http.get("/api/stream", ({ request }) => {
        asked.push(new URL(request.url).searchParams.get("topics") ?? "");
        const told = call({ request_id: requestId, cost_usd: "0.0123" });
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            const text = `event: call\ndata: ${JSON.stringify(told)}\n\n`;
            controller.enqueue(new TextEncoder().encode(text));
          },
        });
        return new HttpResponse(body, { headers: { "content-type": "text/event-stream" } });
      }),
      http.post("/api/playground/:key/v1/responses", ({ params }) =>
        answerOf(`With ${String(params.key)}`, requestId),
      ),
    ],
  };
}

it("asks with the key of the address, and shows what the server recorded", async () => {
  const { handlers, asked } = server("req-1");
  const { user } = renderPage("/playground?model=gpt-5.2&key=ak_9", { handlers });
  await user.type(await screen.findByRole("textbox", { name: "Message" }), "Hi{Enter}");
  expect(await screen.findByText("With ak_9")).toBeVisible();
  expect(await screen.findByText("cost $0.0123")).toBeVisible();
  expect(asked).toEqual(["calls"]);
});

it("shows what it should cost where nothing is recorded for the reader", async () => {
  const { handlers, asked } = server("req-1");
  const { user } = renderPage("/playground", {
    me: me({ features: features({ usage: false }) }),
    handlers,
  });
  await user.type(await screen.findByRole("textbox", { name: "Message" }), "Hi{Enter}");
  // 1,000 × $1.75 + 100 × $14, each per million.
  expect(await screen.findByText("about $0.003150")).toBeVisible();
  await waitFor(() => expect(screen.getByRole("button", { name: "Send" })).toBeVisible());
  expect(screen.queryByRole("link", { name: "Show how it went" })).toBeNull();
  expect(asked).toEqual([]);
});
