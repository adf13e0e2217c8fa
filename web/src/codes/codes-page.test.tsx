import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http, type RequestHandler } from "msw";
import { describe, expect, it, vi } from "vitest";

import type { CodeView, PlanView } from "@/api/types";
import { saveFile } from "@/components/save-file";
import { plan } from "@/subscriptions/office-fixture";
import { features, me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";

vi.mock("@/components/save-file", () => ({ saveFile: vi.fn() }));

const address = "/api/admin/redemption-codes";

const code = (changes: Partial<CodeView> = {}): CodeView => ({
  id: "rc_1",
  batch: "spring",
  hint: "7G4K",
  amount_usd: "5",
  most_uses: 1,
  used: 0,
  status: "active",
  created_by: "root",
  created_at: "2026-11-20T08:00:00Z",
  ...changes,
});

const some = [
  code(),
  code({ id: "rc_2", hint: "2026", batch: "fair", most_uses: 20, used: 3, status: "disabled" }),
];

const billing = { features: features({ billing: true }) };

function open({
  items = some,
  path = "/admin/redemption-codes",
  who = root(billing),
  first = [],
  plans = [],
}: {
  items?: CodeView[];
  plans?: PlanView[];
  path?: string;
  who?: ReturnType<typeof me>;
  first?: RequestHandler[];
} = {}) {
  const sent: { what: string; body: unknown }[] = [];
  const keep = async (request: Request) => {
    const { pathname } = new URL(request.url);
    sent.push({ what: `${request.method} ${pathname}`, body: await request.json() });
  };
  const handlers = [
    ...first,
    http.get(address, () => HttpResponse.json({ items })),
    http.get("/api/admin/plans", () => HttpResponse.json({ items: plans })),
    http.post(address, async ({ request }) => {
      await keep(request);
      const codes = ["AAAA-BBBB-CCCC-DDDD", "EEEE-FFFF-GGGG-HHHH"];
      const made = codes.map((text, at) => ({ id: `rc_${at}`, code: text }));
      return HttpResponse.json({ codes: made }, { status: 201 });
    }),
    http.patch(`${address}/:id`, async ({ request }) => {
      await keep(request);
      return new HttpResponse(null, { status: 204 });
    }),
  ];
  return { sent, ...renderPage(path, { me: who, handlers }) };
}

describe("redemption codes", () => {
  it("are listed by batch, worth and what became of them, and never in full", async () => {
    open();
    const grid = within(await screen.findByRole("grid", { name: "Redemption codes" }));
    expect(await grid.findByText("spring")).toBeVisible();
    expect(grid.getByText("…7G4K")).toBeVisible();
    expect(grid.getByText("3 of 20")).toBeVisible();
    expect(grid.getByText("Disabled")).toBeVisible();
  });

  it("are made after the form is right, and shown to be handed out", async () => {
    const { sent, user } = open({ path: "/admin/redemption-codes?make=true" });
    const sheet = within(await screen.findByRole("dialog", { name: "New codes" }));
    await user.click(sheet.getByRole("button", { name: "Make" }));
    expect(await sheet.findAllByText("Fill this in.")).not.toHaveLength(0);
    expect(sent).toEqual([]);
    await user.type(sheet.getByLabelText("Batch"), "spring");
    await user.type(sheet.getByLabelText("Worth"), "2.5");
    await user.clear(sheet.getByLabelText("How many"));
    await user.type(sheet.getByLabelText("How many"), "2");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    const made = within(await screen.findByRole("dialog", { name: "2 codes were made" }));
    expect(made.getByText(/AAAA-BBBB-CCCC-DDDD\s+EEEE-FFFF-GGGG-HHHH/)).toBeVisible();
    expect(sent).toEqual([
      {
        what: `POST ${address}`,
        body: { batch: "spring", amount_usd: "2.5", count: 2, most_uses: 1 },
      },
    ]);
    await user.click(made.getByRole("button", { name: "Save as a file" }));
    expect(saveFile).toHaveBeenCalledWith(expect.any(Blob), "codes.txt");
    await user.click(made.getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("may be one of one's own, for many", async () => {
    const { sent, user } = open({ path: "/admin/redemption-codes?make=true" });
    const sheet = within(await screen.findByRole("dialog", { name: "New codes" }));
    await user.type(sheet.getByLabelText("Batch"), "fair");
    await user.type(sheet.getByLabelText("Worth"), "1");
    await user.click(sheet.getByRole("radio", { name: "One of your own" }));
    await user.type(sheet.getByLabelText("Code"), "short");
    await user.clear(sheet.getByLabelText("People per code"));
    await user.type(sheet.getByLabelText("People per code"), "20");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    expect(await sheet.findByText("8 to 64 letters, digits and dashes.")).toBeVisible();
    await user.type(sheet.getByLabelText("Code"), "-2026");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    await screen.findByRole("dialog", { name: "2 codes were made" });
    expect(sent[0]?.body).toEqual({
      batch: "fair",
      amount_usd: "1",
      code: "short-2026",
      most_uses: 20,
    });
  });

  it("may give time of a plan instead of money", async () => {
    const { sent, user } = open({ path: "/admin/redemption-codes?make=true", plans: [plan()] });
    const sheet = within(await screen.findByRole("dialog", { name: "New codes" }));
    await user.type(sheet.getByLabelText("Batch"), "fair");
    await user.type(sheet.getByLabelText("Worth"), "5");
    await user.click(await sheet.findByRole("radio", { name: "Time of a plan" }));
    expect(sheet.queryByLabelText("Worth")).toBeNull();
    await user.click(sheet.getByRole("button", { name: "Make" }));
    expect(await sheet.findByText("Fill this in.")).toBeVisible();
    await user.selectOptions(sheet.getByLabelText("Plan"), "basic");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    await screen.findByRole("dialog", { name: "2 codes were made" });
    expect(sent[0]?.body).toEqual({ batch: "fair", plan: "basic", count: 10, most_uses: 1 });
  });

  it("are worth money where there is no plan, and refusals land on their fields", async () => {
    const fields = [{ pointer: "/amount_usd", code: "invalid", detail: "" }];
    const refused = http.post(address, () => problem(422, "invalid", { fields }));
    const { user } = open({ path: "/admin/redemption-codes?make=true", first: [refused] });
    const sheet = within(await screen.findByRole("dialog", { name: "New codes" }));
    expect(sheet.queryByRole("radio", { name: "Time of a plan" })).toBeNull();
    await user.type(sheet.getByLabelText("Batch"), "fair");
    await user.type(sheet.getByLabelText("Worth"), "5");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    await waitFor(() =>
      expect(sheet.getByLabelText("Worth")).toHaveAccessibleDescription(
        /This value is not accepted/,
      ),
    );
  });

  it("tell the plan they give time of where they are not worth money", async () => {
    const { amount_usd: _, ...rest } = code();
    open({ items: [{ ...rest, plan: "basic" }] });
    const grid = within(await screen.findByRole("grid", { name: "Redemption codes" }));
    expect(await grid.findByText("basic")).toBeVisible();
  });

  it("are switched off and on again, and what fails is said", async () => {
    const refused = http.patch(`${address}/rc_2`, () => problem(503, "unavailable"));
    const { sent, user } = open({ first: [refused] });
    await screen.findByText("spring");
    await user.click(screen.getByRole("button", { name: /spring …7G4K/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Disable" }));
    expect(await screen.findByText("spring …7G4K can no longer be redeemed")).toBeVisible();
    expect(sent).toEqual([{ what: `PATCH ${address}/rc_1`, body: { enabled: false } }]);
    await user.click(screen.getByRole("button", { name: /fair …2026/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Enable" }));
    expect(await screen.findByText(/fair …2026 was not changed/)).toBeVisible();
  });

  it("are only looked at by those who may not make them", async () => {
    open({ who: me({ permissions: ["operate"], ...billing }) });
    await screen.findByText("spring");
    expect(screen.queryByRole("button", { name: "New codes" })).toBeNull();
    expect(screen.queryByRole("button", { name: /spring …7G4K/ })).toBeNull();
  });

  it("say so when there are none, and try again when they cannot be had", async () => {
    open({ items: [] });
    expect(await screen.findByText("No codes yet")).toBeVisible();
  });
});
