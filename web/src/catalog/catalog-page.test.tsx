import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { modelRow, rowList } from "./catalog-fixture";
import type { ModelRow } from "./model";

interface Sent {
  method: string;
  name: string;
  body: unknown;
  ifMatch: string | null;
}

/** A server with models; what was asked of it and sent to it. */
function site(rows: readonly ModelRow[] = rowList) {
  const sent: Sent[] = [];
  const asked: URLSearchParams[] = [];
  const keep = async (request: Request, name: unknown) => {
    const body = request.method === "DELETE" ? undefined : await request.json();
    const ifMatch = request.headers.get("if-match");
    sent.push({ method: request.method, name: String(name), body, ifMatch });
  };
  const handlers = [
    http.get("/api/admin/models", ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const only = /^name:"?([^"]+)"?$/.exec(query.get("filter") ?? "")?.[1];
      const items = rows.filter(({ name }) => only === undefined || name === only);
      return HttpResponse.json({ items, approx_total: items.length });
    }),
    http.get("/api/admin/models/:name", ({ params }) => {
      const found = rows.find(({ name }) => name === params.name);
      if (!found) return problem(404, "not_found");
      return HttpResponse.json(found, { headers: { etag: '"m1"' } });
    }),
    http.put("/api/admin/models/:name", async ({ request, params }) => {
      const isThere = rows.some(({ name }) => name === params.name);
      if (isThere && request.headers.get("if-none-match") === "*") return problem(409, "conflict");
      await keep(request, params.name);
      return HttpResponse.json(modelRow(String(params.name)));
    }),
    http.delete("/api/admin/models/:name", async ({ request, params }) => {
      await keep(request, params.name);
      return new HttpResponse(null, { status: 204 });
    }),
  ];
  return { sent, asked, handlers };
}

const open = (path = "/admin/models", who = root(), { handlers, ...rest } = site()) => ({
  ...renderPage(path, { me: who, handlers }),
  ...rest,
});

const rowOf = async (name: string) => {
  const cell = await screen.findByText(name);
  const row = cell.closest("tr");
  if (!row) throw new Error(`no row of ${name}`);
  return within(row);
};

/** What is in the sheet of a model, once the model has come. */
const sheetOf = async (name: string) => {
  const sheet = within(await screen.findByRole("dialog", { name }));
  await sheet.findByLabelText("Model");
  return sheet;
};

describe("the list", () => {
  it("tells what serves a model, what it costs, since when, and what it is used for", async () => {
    const { asked } = open();
    const opus = await rowOf("claude-opus-4-5");
    expect(opus.getByText("1 of 2")).toBeVisible();
    expect(opus.getByText("$5.00")).toBeVisible();
    expect(opus.getByText("$6.25")).toBeVisible();
    expect(opus.getByText("Import", { exact: false })).toBeVisible();
    expect(opus.getByText("$18.40")).toBeVisible();
    const bare = await rowOf("llama-4-70b");
    expect(bare.getByText("No channel")).toBeVisible();
    const off = await rowOf("gemini-3-pro");
    expect(off.getByText("Off")).toBeVisible();
    const down = await rowOf("o5-mini");
    expect(down.getByText("0 of 1")).toBeVisible();
    expect(asked).toHaveLength(1);
  });

  it("asks the server for what has no price", async () => {
    const { user, asked } = open();
    await rowOf("gpt-5.2");
    await user.click(screen.getByText("No price", { selector: "label *, label" }));
    await waitFor(() => expect(asked.at(-1)?.get("filter")).toBe("priced:false"));
  });

  it("explains itself while it is empty", async () => {
    const { user, pages } = open("/admin/models", root(), site([]));
    expect(await screen.findByText("No models yet")).toBeVisible();
    const buttons = screen.getAllByRole("button", { name: "Import prices" });
    await user.click(buttons.at(-1) as HTMLElement);
    expect(await screen.findByRole("dialog", { name: "Import models and prices" })).toBeVisible();
    expect(pages.state.location.search).toMatchObject({ import: true });
  });

  it("offers no price and no import to who may not set prices", async () => {
    open("/admin/models?row=gpt-5.2", root({ role: "admin", permissions: operatorPermissions }));
    const sheet = await sheetOf("gpt-5.2");
    expect(sheet.getByLabelText("Input")).toHaveAttribute("readonly");
    expect(sheet.getByText(/Only who may set prices/)).toBeVisible();
    expect(screen.queryByText("Import prices")).toBeNull();
  });
});

describe("a model", () => {
  it("is changed for the version it was read in, and only where it was changed", async () => {
    const { user, sent, pages } = open("/admin/models?row=gpt-5.2");
    const sheet = await sheetOf("gpt-5.2");
    const input = sheet.getByLabelText("Input");
    expect(sheet.getByText("= $0.0260")).toBeVisible();
    await user.clear(input);
    await user.type(input, "2.5");
    expect(sheet.getByText("= $0.0410")).toBeVisible();
    await user.click(sheet.getByRole("button", { name: "1 change" }));
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(pages.state.location.search).not.toHaveProperty("row"));
    expect(sent).toEqual([
      {
        method: "PUT",
        name: "gpt-5.2",
        body: { name: "gpt-5.2", input_usd_per_1m: "2.5" },
        ifMatch: '"m1"',
      },
    ]);
  });

  it("is pinned once its price is given by hand, and let go when somebody says so", async () => {
    const { user, sent } = open("/admin/models?row=claude-opus-4-5");
    const sheet = await sheetOf("claude-opus-4-5");
    const pin = sheet.getByLabelText("Pinned price");
    expect(pin).not.toBeChecked();
    const input = sheet.getByLabelText("Input");
    await user.clear(input);
    await user.type(input, "6");
    expect(pin).toBeChecked();
    await user.click(pin);
    expect(pin).not.toBeChecked();
    await user.clear(input);
    await user.type(input, "5");
    await user.click(pin);
    await user.click(sheet.getByRole("button", { name: "1 change" }));
    expect(sheet.getByText("Pinned price:", { exact: false })).toBeVisible();
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(sent).toMatchObject([{ body: { name: "claude-opus-4-5", price_pinned: true } }]),
    );
  });

  it("shows in the list that its price is pinned, and nothing of a pin where there is no price", async () => {
    const { user } = open();
    expect((await rowOf("gpt-5.2")).getByText(/^Pinned:/)).toBeInTheDocument();
    expect((await rowOf("claude-opus-4-5")).queryByText(/^Pinned:/)).toBeNull();
    expect((await rowOf("llama-4-70b")).queryByText(/^Pinned:/)).toBeNull();
    await user.keyboard("n");
    const sheet = await sheetOf("New model");
    expect(sheet.queryByLabelText("Pinned price")).toBeNull();
    await user.type(sheet.getByLabelText("Input"), "1");
    expect(sheet.getByLabelText("Pinned price")).toBeChecked();
  });

  it("warns of a change of more than tenfold", async () => {
    const { user } = open("/admin/models?row=gpt-5.2");
    const sheet = await sheetOf("gpt-5.2");
    const input = sheet.getByLabelText("Input");
    await user.clear(input);
    await user.type(input, "125");
    expect(sheet.getByText(/A great change/)).toBeVisible();
    expect(sheet.getByText(/100 times as much/)).toBeVisible();
  });

  it("wants input and output priced together", async () => {
    const { user, sent } = open("/admin/models?row=gpt-5.2");
    const sheet = await sheetOf("gpt-5.2");
    await user.clear(sheet.getByLabelText("Output"));
    await user.click(sheet.getByRole("button", { name: "Save" }));
    expect(await sheet.findByText("Input and output need a price together.")).toBeVisible();
    expect(sent).toEqual([]);
  });

  it("shows who changed what when someone else was faster, and puts the change on top", async () => {
    const { handlers, sent } = site();
    let isNewer = false;
    const newer = [
      http.get("/api/admin/models/gpt-5.2", () =>
        isNewer
          ? HttpResponse.json(modelRow("gpt-5.2", { output_usd_per_1m: "14" }), {
              headers: { etag: '"m2"' },
            })
          : undefined,
      ),
      http.put("/api/admin/models/gpt-5.2", ({ request }) => {
        if (request.headers.get("if-match") === '"m2"') return undefined;
        isNewer = true;
        return problem(412, "changed", { params: { updated_at: "2026-11-24T10:00:00Z" } });
      }),
      http.get("/api/admin/audit", () =>
        HttpResponse.json({ items: [{ id: "au_1", actor: "bo", action: "model.update" }] }),
      ),
    ];
    const { user } = renderPage("/admin/models?row=gpt-5.2", {
      me: root(),
      handlers: [...newer, ...handlers],
    });
    const sheet = await sheetOf("gpt-5.2");
    const owner = sheet.getByLabelText(/Owner/);
    await user.clear(owner);
    await user.type(owner, "OpenAI");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    const alert = await sheet.findByRole("alert");
    expect(alert).toHaveTextContent("bo changed this");
    expect(alert).toHaveTextContent("Output: 10 → 14");
    await user.click(within(alert).getByRole("button", { name: "Keep my changes on top" }));
    expect(sheet.getByLabelText(/Owner/)).toHaveValue("OpenAI");
    expect(sheet.getByLabelText("Output")).toHaveValue("14");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toMatchObject({
      body: { name: "gpt-5.2", owner: "OpenAI" },
      ifMatch: '"m2"',
    });
  });

  it("keeps what was typed when the server refuses it", async () => {
    const { handlers } = site();
    const refused = http.put("/api/admin/models/:name", () =>
      problem(422, "invalid", { mistakes: ["model `gpt-5.2`: 1e9 is no price"] }),
    );
    const { user } = renderPage("/admin/models?row=gpt-5.2", {
      me: root(),
      handlers: [refused, ...handlers],
    });
    const sheet = await sheetOf("gpt-5.2");
    const input = sheet.getByLabelText("Input");
    await user.clear(input);
    await user.type(input, "3");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    expect(await sheet.findByRole("alert")).toHaveTextContent("1e9 is no price");
    expect(input).toHaveValue("3");
  });

  it("asks before unsaved changes are left", async () => {
    const { user, pages } = open("/admin/models?row=gpt-5.2");
    const sheet = await sheetOf("gpt-5.2");
    const owner = sheet.getByLabelText(/Owner/);
    await user.type(owner, "x");
    await user.keyboard("{Escape}");
    const question = await screen.findByRole("dialog", { name: /Leave/ });
    await user.click(within(question).getByRole("button", { name: /Stay/ }));
    expect(sheet.getByLabelText(/Owner/)).toHaveValue("openaix");
    expect(pages.state.location.search).toMatchObject({ row: "gpt-5.2" });
  });

  it("is made with N, and never over one of the same name", async () => {
    const { user, sent, pages } = open();
    await rowOf("gpt-5.2");
    await user.keyboard("n");
    const sheet = await sheetOf("New model");
    await user.type(sheet.getByLabelText("Model"), "gpt-5.2");
    await user.click(sheet.getByRole("button", { name: "New model" }));
    expect(await sheet.findByText("There is a model of this name already.")).toBeVisible();
    expect(sent).toEqual([]);
    await user.type(sheet.getByLabelText("Model"), "-mini");
    await user.type(sheet.getByLabelText("Input"), "0.25");
    await user.type(sheet.getByLabelText("Output"), "2");
    await user.click(sheet.getByRole("button", { name: "New model" }));
    await waitFor(() => expect(pages.state.location.search).not.toHaveProperty("make"));
    expect(sent).toEqual([
      {
        method: "PUT",
        name: "gpt-5.2-mini",
        body: { name: "gpt-5.2-mini", input_usd_per_1m: "0.25", output_usd_per_1m: "2" },
        ifMatch: null,
      },
    ]);
  });

  it("that the list does not show is fetched by itself, and one that is gone is told", async () => {
    const { handlers } = site();
    const elsewhere = http.get("/api/admin/models", ({ request }) =>
      new URL(request.url).searchParams.has("limit")
        ? undefined
        : HttpResponse.json({ items: [], approx_total: 0 }),
    );
    renderPage("/admin/models?q=zzz&row=claude-opus-4-5", {
      me: root(),
      handlers: [elsewhere, ...handlers],
    });
    const sheet = await screen.findByRole("dialog", { name: "claude-opus-4-5" });
    const link = await within(sheet).findByRole("link", { name: "relay-backup" });
    expect(link).toHaveAttribute("href", "/admin/channels/relay-backup/models");
    expect(within(sheet).getByText("→ claude-opus-4-5-20251101")).toBeVisible();
  });

  it("that is gone is told", async () => {
    open("/admin/models?row=gone");
    const sheet = await screen.findByRole("dialog", { name: "gone" });
    expect(await within(sheet).findByRole("button", { name: "Try again" })).toBeVisible();
  });
});

describe("deleting", () => {
  const ask = async (name: string, verb: string, surroundings = site()) => {
    const opened = open("/admin/models", root(), surroundings);
    const row = await rowOf(name);
    await opened.user.click(row.getByRole("button", { name: /^Actions for/ }));
    await opened.user.click(await screen.findByRole("menuitem", { name: verb }));
    return opened;
  };

  it("shows the channels of a model that is served", async () => {
    const { sent } = await ask("claude-opus-4-5", "Delete");
    const dialog = await screen.findByRole("dialog", { name: "claude-opus-4-5 is still served" });
    expect(within(dialog).getByRole("link", { name: "anthropic-main" })).toBeVisible();
    expect(within(dialog).queryByRole("button", { name: "Delete" })).toBeNull();
    expect(sent).toEqual([]);
  });

  it("deletes one that nothing serves, and tells when it is served by now", async () => {
    const { user, sent } = await ask("llama-4-70b", "Delete");
    const dialog = await screen.findByRole("dialog", { name: "Delete llama-4-70b?" });
    server.use(
      http.delete("/api/admin/models/:name", () => problem(409, "conflict"), { once: true }),
    );
    await user.click(within(dialog).getByRole("button", { name: "Delete" }));
    expect(await within(dialog).findByRole("alert")).toBeVisible();
    await user.click(within(dialog).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(sent).toMatchObject([{ method: "DELETE", name: "llama-4-70b" }]));
  });

  it("is not the only way: it can be switched off", async () => {
    const { user, sent } = await ask("gpt-5.2", "Switch off");
    const dialog = await screen.findByRole("dialog", { name: "Switch off gpt-5.2?" });
    expect(dialog).toHaveTextContent("1204 times");
    await user.click(within(dialog).getByRole("button", { name: "Switch off" }));
    await waitFor(() =>
      expect(sent).toMatchObject([{ body: { name: "gpt-5.2", enabled: false } }]),
    );
  });
});
