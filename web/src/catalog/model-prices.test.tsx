import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { PriceVersion } from "@/api/types";
import { operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { modelRow } from "./catalog-fixture";

const special = modelRow("gpt-5.2", {
  price_terms: {
    reasoning: "40",
    tiers: [{ above: 200_000, input: "4", output: "15" }],
    lanes: { priority: "2.000000" },
  },
});

/** A server with one model; what was sent to it. */
function site(row = special) {
  const sent: unknown[] = [];
  const handlers = [
    http.get("/api/admin/models", () => HttpResponse.json({ items: [row], approx_total: 1 })),
    http.get("/api/admin/models/gpt-5.2", () =>
      HttpResponse.json(row, { headers: { etag: '"m1"' } }),
    ),
    http.put("/api/admin/models/gpt-5.2", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(row);
    }),
  ];
  return { sent, handlers };
}

async function open(at = site(), who = root()) {
  const page = renderPage("/admin/models?row=gpt-5.2", { me: who, handlers: at.handlers });
  const sheet = within(await screen.findByRole("dialog", { name: "gpt-5.2" }));
  await sheet.findByLabelText("Model");
  return { ...page, ...at, sheet };
}

describe("special prices", () => {
  it("are told in short, and changed as a whole", async () => {
    const { user, sheet, sent } = await open();
    expect(sheet.getByText("Reasoning, Long prompts, Lanes")).toBeVisible();
    await user.click(sheet.getByText("Special prices"));
    const tiers = within(sheet.getByRole("list", { name: "Long prompts" }));
    expect(tiers.getByLabelText("Above")).toHaveValue("200000");
    expect(tiers.getByLabelText("Output")).toHaveValue("15");
    const lanes = within(sheet.getByRole("list", { name: "Lanes" }));
    expect(lanes.getByLabelText("Multiplier")).toHaveValue("2");
    await user.click(sheet.getByRole("button", { name: "Add a lane" }));
    await user.keyboard("flex");
    const [, flex] = lanes.getAllByLabelText("Multiplier");
    await user.type(flex as HTMLElement, "0.5");
    await user.type(sheet.getByLabelText(/^Each call/), "0.01");
    await user.click(sheet.getByRole("button", { name: "2 changes" }));
    expect(
      sheet.getByText("Lanes:", { exact: false, selector: "li span" }).closest("li"),
    ).toHaveTextContent("Lanes: priority ×2 → priority ×2, flex ×0.5");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({
      name: "gpt-5.2",
      price_terms: {
        reasoning: "40",
        request: "0.01",
        tiers: [{ above: 200_000, input: "4", output: "15" }],
        lanes: { priority: "2", flex: "0.5" },
      },
    });
  });

  it("open where something in them is wrong, and are not sent", async () => {
    const { user, sheet, sent } = await open();
    await user.click(sheet.getByText("Special prices"));
    await user.click(sheet.getByRole("button", { name: "Add a tier" }));
    const tiers = within(sheet.getByRole("list", { name: "Long prompts" }));
    const [, above] = tiers.getAllByLabelText("Above");
    await user.type(above as HTMLElement, "100");
    await user.click(sheet.getByText("Special prices"));
    await user.click(sheet.getByRole("button", { name: "Save" }));
    expect(await tiers.findByText("More than in the tier before.")).toBeVisible();
    expect(tiers.getByText("Give this tier a price at least.")).toBeVisible();
    expect(sent).toEqual([]);
  });

  it("are taken away with an empty set", async () => {
    const { user, sheet, sent } = await open(
      site(modelRow("gpt-5.2", { price_terms: { lanes: { flex: "0.5" } } })),
    );
    await user.click(sheet.getByText("Special prices"));
    await user.click(sheet.getByRole("button", { name: "Remove the lane flex" }));
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toEqual([{ name: "gpt-5.2", price_terms: {} }]));
  });

  it("are only looked at by who may not set prices", async () => {
    const { user, sheet } = await open(
      site(),
      root({ role: "admin", permissions: operatorPermissions }),
    );
    await user.click(sheet.getByText("Special prices"));
    expect(sheet.getByLabelText("Above")).toHaveAttribute("readonly");
    expect(sheet.queryByRole("button", { name: "Add a tier" })).toBeNull();
    expect(sheet.queryByRole("button", { name: /^Remove tier/ })).toBeNull();
  });
});

describe("the history of a price", () => {
  const versions: PriceVersion[] = [
    { version: 3, name: "gpt-5.2", source: "manual", since: "2026-11-20T08:00:00Z" },
    {
      version: 2,
      name: "gpt-5.2",
      source: "manual",
      since: "2026-11-10T08:00:00Z",
      price: {
        input_usd: "1.25",
        output_usd: "10",
        terms: { tiers: [{ above: 200_000, input: "2.5" }], lanes: { priority: "2" } },
      },
    },
    {
      version: 1,
      name: "gpt-5.2",
      source: "imported",
      since: "2026-11-01T08:00:00Z",
      price: { input_usd: "1", output_usd: "8", cache_write_5m_usd: "1.25" },
    },
  ];
  const history = (items: readonly PriceVersion[]) =>
    http.get("/api/admin/models/gpt-5.2/prices", () => HttpResponse.json({ items }));

  it("is asked for when somebody wants it, and tells each version", async () => {
    const { user, sheet } = await open();
    server.use(history(versions));
    await user.click(sheet.getByRole("button", { name: "Show the history" }));
    const table = within(await sheet.findByRole("table", { name: "Price history" }));
    const [, gone, special, first] = table.getAllByRole("row");
    expect(gone).toHaveTextContent("The price was taken away");
    expect(special).toHaveTextContent("$1.25");
    expect(special).toHaveTextContent("above 200,000: Input $2.50");
    expect(special).toHaveTextContent("priority ×2");
    expect(first).toHaveTextContent("Import");
    expect(first).toHaveTextContent("as writes for 5 minutes");
  });

  it("says that there never was a price", async () => {
    const { user, sheet } = await open();
    server.use(history([]));
    await user.click(sheet.getByRole("button", { name: "Show the history" }));
    expect(await sheet.findByText("It never had a price.")).toBeVisible();
  });

  it("says what went wrong, and tries again", async () => {
    const { user, sheet } = await open();
    server.use(http.get("/api/admin/models/gpt-5.2/prices", () => problem(500, "internal")));
    await user.click(sheet.getByRole("button", { name: "Show the history" }));
    const retry = await sheet.findByRole("button", { name: "Try again" });
    server.use(history(versions));
    await user.click(retry);
    expect(await sheet.findByRole("table", { name: "Price history" })).toBeVisible();
  });
});
