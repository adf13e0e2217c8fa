import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";

import { renderPage } from "@/test/render";
import { problem } from "@/test/server";

const document = {
  openapi: "3.1.0",
  info: { title: "Realms", version: "0.1.0" },
  paths: {
    "/api/tokens": { get: { tags: ["tokens"], summary: "Lists the keys.", responses: {} } },
  },
};

it("draws the document of this server, and is found in the user's menu", async () => {
  const { user } = renderPage("/docs/api", {
    handlers: [http.get("/api/openapi.json", () => HttpResponse.json(document))],
  });
  expect(await screen.findByRole("heading", { level: 1, name: "API reference" })).toBeVisible();
  expect(await screen.findByText("Lists the keys.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Account: ana" }));
  expect(await screen.findByRole("menuitem", { name: "API reference" })).toHaveAttribute(
    "href",
    "/docs/api",
  );
});

it("says so when there is no document", async () => {
  renderPage("/docs/api", {
    handlers: [http.get("/api/openapi.json", () => problem(404, "not_found"))],
  });
  expect(await screen.findByRole("button", { name: "Try again" })).toBeVisible();
});
