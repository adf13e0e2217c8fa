import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { PriceSync } from "@/api/types";
import { operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { priceSync, rowList } from "./catalog-fixture";

interface Sent {
  what: string;
  body: unknown;
}

/** Opens a page of models, with a server where prices stand so; what was sent to it. */
function open(path: string, sync: PriceSync = priceSync(), who = root()) {
  const sent: Sent[] = [];
  let now = sync;
  const handlers = [
    http.get("/api/admin/models", () => HttpResponse.json({ items: rowList })),
    http.get("/api/admin/price-sync", () => HttpResponse.json(now)),
    http.post("/api/admin/price-sync/:what", async ({ request, params }) => {
      const text = await request.text();
      sent.push({ what: String(params.what), body: text === "" ? undefined : JSON.parse(text) });
      now = priceSync({ revision: 8, waiting: [] });
      return HttpResponse.json(now);
    }),
  ];
  return { ...renderPage(path, { me: who, handlers }), sent };
}

const dialogOf = async () =>
  within(await screen.findByRole("dialog", { name: "Prices by schedule" }));

/** The sheet with what is in it. */
async function sheetOf() {
  const sheet = await dialogOf();
  await sheet.findByRole("link", { name: "Settings of the list" });
  return sheet;
}

describe("prices that wait", () => {
  it("are told of above the list, and lead to the sheet", async () => {
    const { user } = open("/admin/models");
    expect(await screen.findByText("2 prices wait for you.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Look" }));
    const sheet = await sheetOf();
    expect(sheet.getByText("gpt-5.2")).toBeVisible();
  });

  it("are nowhere where none does", async () => {
    open("/admin/models", priceSync({ waiting: [] }));
    await screen.findByText("claude-opus-4-5");
    expect(screen.queryByText(/prices? waits? for you/)).toBeNull();
  });

  it("are shown beside what is there, with why they wait", async () => {
    open("/admin/models?prices=true");
    const sheet = await sheetOf();
    const [far, fresh] = sheet.getAllByRole("listitem");
    expect(far).toHaveTextContent(/gpt-5\.2.*Moves too far.*Input.*\$1\.25 → \$12\.50/);
    expect(far).not.toHaveTextContent("Cache read");
    expect(fresh).toHaveTextContent(/llama-4-70b.*Waits for you.*Each call– → \$0\.001/);
    expect(sheet.getByText("prices.example/list.json")).toBeVisible();
  });

  it("are set when they are ticked, and no others", async () => {
    const { user, sent } = open("/admin/models?prices=true");
    const sheet = await sheetOf();
    await user.click(sheet.getByRole("checkbox", { name: "Take gpt-5.2" }));
    await user.click(sheet.getByRole("button", { name: "Set one price" }));
    await waitFor(() =>
      expect(sent).toEqual([{ what: "accept", body: { revision: 7, models: ["gpt-5.2"] } }]),
    );
    expect(await sheet.findByText("No price waits.")).toBeVisible();
  });

  it("are dismissed as a whole", async () => {
    const { user, sent } = open("/admin/models?prices=true");
    const sheet = await sheetOf();
    await user.click(sheet.getByRole("checkbox", { name: "All of them" }));
    await user.click(sheet.getByRole("button", { name: "Dismiss 2 prices" }));
    const models = ["gpt-5.2", "llama-4-70b"];
    await waitFor(() => expect(sent).toEqual([{ what: "dismiss", body: { revision: 7, models } }]));
  });

  it("stay when they are not any more as they were shown", async () => {
    const { user } = open("/admin/models?prices=true");
    server.use(http.post("/api/admin/price-sync/accept", () => problem(409, "conflict")));
    const sheet = await sheetOf();
    await user.click(sheet.getByRole("checkbox", { name: "All of them" }));
    await user.click(sheet.getByRole("button", { name: "Set 2 prices" }));
    expect(await sheet.findByRole("alert")).toBeVisible();
    expect(sheet.getAllByRole("listitem")).toHaveLength(2);
  });

  it("are only looked at by who may not set prices", async () => {
    open("/admin/models?prices=true", priceSync(), root({ permissions: operatorPermissions }));
    const sheet = await sheetOf();
    expect(sheet.queryByRole("checkbox")).toBeNull();
    expect(sheet.queryByRole("button", { name: "Look at the list now" })).toBeNull();
  });
});

describe("the list that prices are kept up with", () => {
  it("is looked at when somebody asks", async () => {
    const { user, sent } = open("/admin/models?prices=true");
    const sheet = await sheetOf();
    await user.click(sheet.getByRole("button", { name: "Look at the list now" }));
    await waitFor(() => expect(sent).toEqual([{ what: "run", body: undefined }]));
  });

  it("says why it could not be had", async () => {
    const last = { ...priceSync().last, failure: "not_a_list", detail: "line 1" };
    open("/admin/models?prices=true", priceSync({ waiting: [], last } as Partial<PriceSync>));
    const sheet = await sheetOf();
    expect(sheet.getByText("What came is no list of prices.")).toBeVisible();
    expect(sheet.getByText("line 1")).toBeVisible();
  });

  it("is none until it is set", async () => {
    const { source: _, last: __, next_at: ___, ...bare } = priceSync({ every_hours: 0 });
    open("/admin/models?prices=true", { ...bare, waiting: [] });
    const sheet = await sheetOf();
    expect(sheet.getByText("Nobody has looked yet.")).toBeVisible();
    expect(sheet.getByRole("link", { name: "Settings of the list" })).toHaveAttribute(
      "href",
      "/admin/settings?section=usage",
    );
  });

  it("can be asked for again when it does not load", async () => {
    let isAway = true;
    const handlers = [
      http.get("/api/admin/models", () => HttpResponse.json({ items: rowList })),
      http.get("/api/admin/price-sync", () =>
        isAway ? problem(503, "unavailable") : HttpResponse.json(priceSync()),
      ),
    ];
    const { user } = renderPage("/admin/models?prices=true", { me: root(), handlers });
    const sheet = await dialogOf();
    const again = await sheet.findByRole("button", { name: "Try again" });
    isAway = false;
    await user.click(again);
    expect(await sheet.findByText("prices.example/list.json")).toBeVisible();
  });
});
