import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it, vi } from "vitest";

import { me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { channelHandlers } from "./fixtures/handlers";
import type { PlanChange } from "./import-plan";

const text = JSON.stringify({
  version: 1,
  channel: [
    { name: "fresh", kind: "openai", models: ["gpt-9"], credentials: [{ name: "k1" }] },
    { name: "pro-1", priority: 20 },
    { name: "spare" },
    { name: "claude-main", groups: ["nowhere"] },
  ],
});
const changes: PlanChange[] = [
  { verb: "create", kind: "model", name: "gpt-9", fields: [] },
  {
    verb: "create",
    kind: "channel",
    name: "fresh",
    fields: [{ path: "kind", after: "openai" }],
  },
  {
    verb: "update",
    kind: "channel",
    name: "pro-1",
    fields: [{ path: "priority", before: "10", after: "20" }],
  },
];

interface Sent {
  dry: boolean;
  toml: string;
}

async function open(answer: (sent: Sent, at: number) => Response | undefined = () => undefined) {
  const sent: Sent[] = [];
  const handlers = [
    http.post("/api/admin/apply", async ({ request }) => {
      const dry = new URL(request.url).searchParams.get("dry_run") === "true";
      sent.push({ dry, toml: await request.text() });
      const given = answer(sent.at(-1) as Sent, sent.length - 1);
      if (given) return given;
      const meant = changes.filter(({ name }) => sent.at(-1)?.toml.includes(`"${name}"`));
      return HttpResponse.json({ dry_run: dry, changes: meant, notes: [], generated: [] });
    }),
    ...channelHandlers(),
  ];
  const opened = renderPage("/admin/channels?import=true", { me: root(), handlers });
  const sheet = within(await screen.findByRole("dialog", { name: "Import channels" }));
  const paste = async (what: string) => {
    const field = sheet.getByLabelText("Or paste JSON");
    await opened.user.clear(field);
    await opened.user.click(field);
    await opened.user.paste(what);
    await opened.user.click(sheet.getByRole("button", { name: "Compare" }));
  };
  const line = (name: string) => sheet.getByText(name).closest("li") as HTMLElement;
  return { ...opened, sheet, sent, paste, line };
}

describe("an import of channels", () => {
  it("shows what becomes of each, does what is ticked, and says what was done", async () => {
    const { user, sheet, sent, paste, line } = await open();
    await paste(text);
    expect(await sheet.findByRole("checkbox", { name: "Import fresh" })).toBeChecked();
    expect(line("fresh")).toHaveTextContent(/New.*Kind.*openai.*key of k1 is not in the file/);
    expect(line("pro-1")).toHaveTextContent(/Changed.*Priority: 10 becomes 20/);
    expect(line("spare")).toHaveTextContent("Left as it is");
    expect(line("claude-main")).toHaveTextContent(/Not possible.*no channel group nowhere here/);
    expect(sheet.getByText("One model is new and gets no price yet:")).toBeVisible();
    expect(sheet.getAllByRole("checkbox")).toHaveLength(2);
    // Nothing was done, and what is in the way was not even sent.
    expect(sent.map(({ dry }) => dry)).toEqual([true]);
    expect(sent[0]?.toml).not.toContain("claude-main");

    await user.click(sheet.getByRole("checkbox", { name: "Import fresh" }));
    await user.click(sheet.getByRole("button", { name: "Import one channel" }));
    expect(await sheet.findByText("New: 0. Changed: 1.")).toBeVisible();
    expect(sent.at(-1)).toEqual({
      dry: false,
      toml: 'version = 1\n[[channel]]\nname = "pro-1"\npriority = 20\n',
    });
  });

  it("does nothing where what was shown is not so any more", async () => {
    const { user, sheet, sent, paste, line } = await open((_, at) =>
      at === 1
        ? HttpResponse.json({
            changes: changes.map((one) =>
              one.name === "pro-1"
                ? { ...one, fields: [{ path: "priority", before: "15", after: "20" }] }
                : one,
            ),
          })
        : undefined,
    );
    await paste(text);
    await user.click(await sheet.findByRole("button", { name: "Import 2 channels" }));
    expect(await sheet.findByRole("alert")).toHaveTextContent(/nothing was done. Look again/);
    expect(line("pro-1")).toHaveTextContent("Priority: 15 becomes 20");
    expect(sent.map(({ dry }) => dry)).toEqual([true, true]);
  });

  it("tells mistakes by line and field, asks nobody, and lets them be mended", async () => {
    const { sheet, sent, paste } = await open();
    await paste('[\n {"name": "a",\n  "wieght": 2}\n]');
    const alert = await sheet.findByRole("alert");
    expect(alert).toHaveTextContent(/There is a mistake.*Line 3: a wieght There is no such field/);
    await paste("nonsense");
    expect(await sheet.findByRole("alert")).toHaveTextContent(
      "Line 1: This is no JSON (column 1).",
    );
    expect(sent).toEqual([]);
    await paste('[{"name": "spare"}]');
    expect(await sheet.findByRole("listitem")).toHaveTextContent(/spare.*Left as it is/);
    expect(sheet.getByRole("button", { name: "Import" })).toHaveAttribute("aria-disabled", "true");
  });

  it("shows what the server refuses at the channel, and goes on with the others", async () => {
    const { sheet, sent, paste, line } = await open(({ toml }) =>
      toml.includes("pro-1")
        ? problem(422, "invalid", { mistakes: ["channel `pro-1`: it cannot be so"] })
        : undefined,
    );
    await paste(text);
    expect(await sheet.findByRole("checkbox", { name: "Import fresh" })).toBeChecked();
    expect(line("pro-1")).toHaveTextContent(/Not possible.*refuses it: it cannot be so/);
    expect(sent).toHaveLength(2);
  });

  it("says why it could not be compared or done, and keeps what was pasted", async () => {
    const { sheet, paste } = await open(() => problem(403, "forbidden"));
    await paste(text);
    expect(await sheet.findByRole("alert")).toHaveTextContent("Your account may not do this.");
    expect(sheet.getByLabelText("Or paste JSON")).toHaveValue(text);
  });

  it("takes a file, and not one that is too large", async () => {
    const { user, sheet } = await open();
    const picker = sheet.getByLabelText("Choose a file", { selector: "input" });
    const large = new File(["x".repeat(2 * 1_024 * 1_024 + 1)], "l.json", {
      type: "application/json",
    });
    await user.upload(picker, large);
    expect(await sheet.findByRole("alert")).toHaveTextContent("2.0 MiB");
    await user.upload(picker, new File(["[]"], "c.json", { type: "application/json" }));
    expect(await sheet.findByText("c.json")).toBeVisible();
    expect(sheet.queryByRole("alert")).toBeNull();
    await user.click(sheet.getByRole("button", { name: "Compare" }));
    expect(await sheet.findByText("There is no list of channels in it.")).toBeVisible();
    await user.click(sheet.getByRole("button", { name: "Take away" }));
    expect(sheet.getByLabelText("Or paste JSON")).toHaveValue("");
    expect(sheet.queryByRole("alert")).toBeNull();
  });
});

describe("an export of channels", () => {
  const saved = () => {
    const files: Blob[] = [];
    vi.spyOn(URL, "createObjectURL").mockImplementation((file) => {
      files.push(file as Blob);
      return "blob:none";
    });
    return files;
  };

  it("saves all or those selected, without keys", async () => {
    const files = saved();
    const { user } = renderPage("/admin/channels", { me: root(), handlers: channelHandlers() });
    const row = await screen.findByRole("row", { name: /spare/ });
    await user.click(screen.getByRole("button", { name: "File" }));
    await user.click(await screen.findByRole("menuitem", { name: "Export all channels" }));
    expect(await screen.findByText(/5 channels saved to channels-.*Their keys/)).toBeVisible();
    await user.click(within(row).getByRole("checkbox"));
    const bar = screen.getByText("1 selected").parentElement as HTMLElement;
    await user.click(within(bar).getByRole("button", { name: "Export" }));
    await waitFor(() => expect(files).toHaveLength(2));
    const one = JSON.parse((await files[1]?.text()) ?? "");
    expect(one.channel.map(({ name }: { name: string }) => name)).toEqual(["spare"]);
    expect(one.about).toMatch(/Keys are not in this file/);
  });

  it("says why it could not, and is all that readers are offered", async () => {
    const files = saved();
    const watcher = me({ id: "us_3", role: "admin", permissions: operatorPermissions.slice(0, 1) });
    let isBroken = false;
    const broken = http.get("/api/admin/channels", () =>
      isBroken ? problem(503, "unavailable") : undefined,
    );
    const { user } = renderPage("/admin/channels?import=true", {
      me: watcher,
      handlers: [broken, ...channelHandlers()],
    });
    await screen.findByRole("row", { name: /spare/ });
    expect(screen.queryByRole("dialog")).toBeNull();
    isBroken = true;
    await user.click(screen.getByRole("button", { name: "File" }));
    expect(screen.queryByRole("menuitem", { name: "Import channels" })).toBeNull();
    await user.click(await screen.findByRole("menuitem", { name: "Export all channels" }));
    expect(await screen.findByText(/could not be made.*cannot answer/)).toBeVisible();
    expect(files).toEqual([]);
  });
});
