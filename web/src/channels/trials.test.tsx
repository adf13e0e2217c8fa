import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { channel, result, status, stream } from "./fixtures/channels";
import { channelHandlers } from "./fixtures/handlers";

const names = ["a-good", "b-bad", "c-off", "d-bare", "e-later"];
const site = {
  channels: names.map((name, at) =>
    channel({
      id: `ch_${at}`,
      name,
      enabled: name !== "c-off",
      ...(name === "d-bare" && { models: [] }),
    }),
  ),
  statuses: names.map((name) =>
    status({ channel: name, state: name === "c-off" ? "disabled" : "serving" }),
  ),
};

const answers = (events: [string, object][]) =>
  new HttpResponse(stream(events), { headers: { "content-type": "text/event-stream" } });
const good = () =>
  answers([
    ["result", result()],
    ["done", { tested: 1, ok: 1, failed: 0 }],
  ]);
const bad = () =>
  answers([
    ["result", result({ ok: false, failure: { code: "unauthorized", detail: "401" } })],
    ["done", { tested: 1, ok: 0, failed: 1 }],
  ]);

interface Server {
  /** What each channel answers to its test; a good answer when left out. */
  test?: (name: string) => Response | Promise<Response>;
}

/** Opens the test of all five, with a server that keeps count of what it is asked. */
async function open({ test = (name) => (name === "b-bad" ? bad() : good()) }: Server = {}) {
  const tested: { name: string; body: unknown }[] = [];
  const previewed: unknown[] = [];
  const undone: unknown[] = [];
  const handlers = [
    http.post("/api/admin/channels/:name/test", async ({ params, request }) => {
      const name = String(params.name);
      tested.push({ name, body: await request.json() });
      return test(name);
    }),
    http.post("/api/admin/batch/preview", async ({ request }) => {
      const body = (await request.json()) as { items: string[]; change: { enabled: boolean } };
      previewed.push(body);
      const { enabled } = body.change;
      const items = body.items.map((name) => ({
        id: name,
        name,
        changes: [{ path: "enabled", before: String(!enabled), after: String(enabled) }],
      }));
      return HttpResponse.json({ token: "ba_1", undoable: true, items });
    }),
    http.post("/api/admin/batch/apply", () =>
      HttpResponse.json({ done: 1, items: [{ id: "c-off", name: "c-off" }], undo: { token: "u" } }),
    ),
    http.post("/api/admin/batch/undo", async ({ request }) => {
      undone.push(await request.json());
      return HttpResponse.json({ done: 1, items: [] });
    }),
    ...channelHandlers(site),
  ];
  const opened = renderPage("/admin/channels", { me: root(), handlers });
  const { user } = opened;
  await screen.findByRole("row", { name: /a-good/ });
  await user.click(screen.getByRole("checkbox", { name: "Select all loaded rows" }));
  const bar = screen.getByText("5 selected").parentElement as HTMLElement;
  await user.click(within(bar).getByRole("button", { name: "Test" }));
  const sheet = within(await screen.findByRole("dialog", { name: "Test 5 channels" }));
  const start = async () =>
    user.click(await sheet.findByRole("button", { name: "Test 4 channels" }));
  const line = (name: string) => sheet.getByText(name).closest("li") as HTMLElement;
  return { ...opened, sheet, tested, previewed, undone, start, line };
}

describe("the test of several channels", () => {
  it("asks one model of each, and tells what each came to", async () => {
    const { sheet, tested, start, line } = await open();
    await sheet.findByText("d-bare");
    expect(line("d-bare")).toHaveTextContent("It serves no enabled model.");
    await start();
    expect(await sheet.findByText("3 passed · 1 failed · 1 not testable")).toBeVisible();
    expect(tested.map(({ name }) => name)).toEqual(["a-good", "b-bad", "c-off", "e-later"]);
    expect(tested[0]?.body).toEqual({ models: ["gpt-5.2"] });
    expect(line("b-bad")).toHaveTextContent(/Failed.*The key is refused/);
    expect(line("a-good")).toHaveTextContent(/690 ms.*Passed/);
  });

  it("tests a few at a time, shows each as it comes, and can be stopped", async () => {
    const gates = new Map<string, (answer: Response) => void>();
    const { user, sheet, tested, start, line } = await open({
      test: (name) => new Promise((resolve) => gates.set(name, resolve)),
    });
    await start();
    await waitFor(() => expect(gates.size).toBe(3));
    expect(line("e-later")).toHaveTextContent("Waiting");
    gates.get("b-bad")?.(bad());
    expect(await within(line("b-bad")).findByText("Failed")).toBeVisible();
    expect(sheet.getByText(/^2 of 5 done$/)).toBeVisible();
    await waitFor(() => expect(tested).toHaveLength(4));
    await user.click(sheet.getByRole("button", { name: "Stop" }));
    expect(await sheet.findByText("1 failed · 1 not testable · 3 not tested")).toBeVisible();
    expect(line("a-good")).toHaveTextContent("Not tested");
    // What was not tested is not taken for passed or failed.
    expect(sheet.getByRole("button", { name: "Enable those that passed" })).toHaveAttribute(
      "aria-disabled",
      "true",
    );
    expect(sheet.getByRole("button", { name: "Disable the one that failed" })).toBeVisible();
  });

  it("enables those that passed and disables those that failed as any batch", async () => {
    const { user, sheet, previewed, undone, start } = await open();
    await start();
    // Two of the three that passed are on already.
    await user.click(await sheet.findByRole("button", { name: "Enable the one that passed" }));
    const batch = within(await screen.findByRole("dialog", { name: "Enable 1 channel" }));
    expect(await batch.findByText("c-off")).toBeVisible();
    await user.click(batch.getByRole("button", { name: "Enable 1 channel" }));
    expect(await sheet.findByText("1 channel enabled")).toBeVisible();
    await user.click(sheet.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(sheet.queryByText("1 channel enabled")).toBeNull());
    expect(undone).toEqual([{ token: "u" }]);
    // What came out of the test is still there.
    await user.click(sheet.getByRole("button", { name: "Disable the one that failed" }));
    expect(await screen.findByRole("dialog", { name: "Disable 1 channel" })).toBeVisible();
    await waitFor(() => expect(previewed).toHaveLength(2));
    expect(previewed).toMatchObject([
      { kind: "channel", items: ["c-off"], change: { enabled: true } },
      { kind: "channel", items: ["b-bad"], change: { enabled: false } },
    ]);
  });

  it("takes a test that could not be made for none, and can be made again", async () => {
    let isBroken = true;
    const { user, sheet, start, line } = await open({
      test: () => (isBroken ? problem(503, "unavailable") : good()),
    });
    await start();
    expect(await sheet.findByText("1 not testable · 4 not tested")).toBeVisible();
    expect(line("a-good")).toHaveTextContent(/Not tested.*cannot answer at the moment/);
    isBroken = false;
    await user.click(sheet.getByText("All chat models"));
    await user.click(sheet.getByRole("button", { name: "Test again" }));
    expect(await sheet.findByText(/not tested|4 passed/)).toBeVisible();
  });

  it("lets those who may only look test, and change nothing", async () => {
    const watcher = me({ id: "us_3", role: "admin", permissions: operatorPermissions.slice(0, 1) });
    const handlers = [http.post("/api/admin/channels/:name/test", good), ...channelHandlers(site)];
    const { user } = renderPage("/admin/channels", { me: watcher, handlers });
    await user.click(
      within(await screen.findByRole("row", { name: /a-good/ })).getByRole("checkbox"),
    );
    const bar = screen.getByText("1 selected").parentElement as HTMLElement;
    expect(within(bar).queryByRole("button", { name: "Disable" })).toBeNull();
    await user.click(within(bar).getByRole("button", { name: "Test" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Test one channel" }));
    await user.click(await sheet.findByRole("button", { name: "Test one channel" }));
    expect(await sheet.findByText("1 passed")).toBeVisible();
    expect(sheet.queryByRole("button", { name: /Enable/ })).toBeNull();
  });
});
