import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it } from "vitest";

import { setLanguage } from "@/i18n";
import { features } from "@/test/fixtures";
import { problem } from "@/test/server";
import { openPublic, page, price } from "./public-fixture";

const prices = "/api/public/prices";

describe("prices, for anyone", () => {
  afterEach(() => setLanguage("en"));

  it("are shown for a million LLM tokens, with nothing where none is known", async () => {
    openPublic("/prices", { handlers: [page(prices, [price()])] });
    const row = await screen.findByRole("row", { name: /claude-opus-4-5/ });
    expect(row).toHaveTextContent("$6.00");
    expect(row).toHaveTextContent("$30.00");
    expect(within(row).getByText("Messages")).toBeInTheDocument();
    expect(within(row).getAllByText("No price is known").length).toBeGreaterThan(0);
    expect(screen.getByRole("heading", { level: 1, name: "Prices" })).toBeVisible();
  });

  it("are asked for as the address says", async () => {
    const asked: string[] = [];
    const handler = http.get(prices, ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items: [] });
    });
    openPublic("/prices?q=opus&f=owner:Anthropic", { handlers: [handler] });
    expect(await screen.findByText("Nothing matches")).toBeVisible();
    expect(asked).toEqual(["?q=opus&filter=owner%3AAnthropic&sort=name"]);
  });

  it("say so where there are none", async () => {
    openPublic("/prices", { handlers: [page(prices, [])] });
    expect(await screen.findByText("No models yet")).toBeVisible();
  });

  it("that cannot be loaded say why, and can be asked for again", async () => {
    const failing = http.get(prices, () => problem(500, "internal"), { once: true });
    const { user } = openPublic("/prices", { handlers: [failing, page(prices, [price()])] });
    expect(await screen.findByText("Something failed inside the server.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("row", { name: /claude-opus-4-5/ })).toBeVisible();
  });

  it("are no page where they are switched off, and nothing is asked", async () => {
    openPublic("/prices", { site: { features: features() } });
    expect(await screen.findByRole("heading", { name: "This is switched off" })).toBeVisible();
  });

  it("are no page any more when they were switched off in the meantime", async () => {
    openPublic("/prices", { handlers: [http.get(prices, () => problem(404, "feature_off"))] });
    expect(await screen.findByRole("heading", { name: "This is switched off" })).toBeVisible();
    expect(screen.queryByRole("heading", { name: "Prices" })).toBeNull();
  });

  it("read as they should in Chinese", async () => {
    await setLanguage("zh-CN");
    openPublic("/prices", { handlers: [page(prices, [price()])] });
    expect(await screen.findByRole("heading", { level: 1, name: "价格" })).toBeVisible();
    await waitFor(() => expect(document.title).toBe("价格 · Realms"));
  });
});
