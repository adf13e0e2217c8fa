import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { report, rowList } from "./catalog-fixture";
import type { ImportReport } from "./import-row";

interface Asked {
  text?: string;
  url?: string;
  dry_run: boolean;
  only?: string[];
  tag?: string;
}

/** Opens the import, with a server that answers this report; what it was asked. */
async function open(answer: ImportReport = report()) {
  const asked: Asked[] = [];
  const handlers = [
    http.get("/api/admin/models", () => HttpResponse.json({ items: rowList })),
    http.post("/api/admin/models/import", async ({ request }) => {
      const body = (await request.json()) as Asked;
      asked.push(body);
      const written = (model: string) => body.only?.includes(model) ?? false;
      if (body.dry_run) return HttpResponse.json(answer);
      const rows = answer.rows.map((row) => ({ ...row, written: written(row.model) }));
      return HttpResponse.json({ ...answer, rows, applied: true });
    }),
  ];
  const opened = renderPage("/admin/models?import=true", { me: root(), handlers });
  const sheet = within(await screen.findByRole("dialog", { name: "Import models and prices" }));
  const paste = async (text: string) => {
    await opened.user.click(sheet.getByLabelText("Or paste JSON"));
    await opened.user.paste(text);
  };
  const compare = async () => {
    await opened.user.click(sheet.getByRole("button", { name: "Compare" }));
  };
  const typeAddress = async (url: string) => {
    await opened.user.click(sheet.getByLabelText("Address"));
    await opened.user.type(sheet.getByLabelText("Address of the list"), url);
  };
  return { ...opened, sheet, asked, paste, compare, typeAddress };
}

describe("an import", () => {
  it("shows what would change, writes what is ticked, and says what was written", async () => {
    const { user, sheet, asked, paste, compare, pages } = await open();
    await paste('{"gpt-6": {}}');
    await compare();
    expect(await sheet.findByText(/LiteLLM’s list, 5 models/)).toBeVisible();
    expect(asked).toEqual([{ text: '{"gpt-6": {}}', dry_run: true }]);

    // Changed ones are shown first, and none of them is ticked.
    const lines = within(sheet.getByRole("list", { name: "Models of the list" }));
    expect(lines.getAllByRole("listitem")).toHaveLength(2);
    expect(lines.getByRole("checkbox", { name: "Take gpt-5.2" })).not.toBeChecked();
    expect(lines.getAllByText("+40%")).toHaveLength(3);
    expect(lines.getByText("×12.5")).toBeVisible();
    expect(sheet.getByRole("button", { name: "Write one model" })).toBeVisible();

    await user.click(lines.getByRole("checkbox", { name: "Take gpt-5.2" }));
    await user.click(sheet.getByRole("button", { name: "Write 2 models" }));
    expect(await sheet.findByText("2 models were written")).toBeVisible();
    expect(sheet.getByText(/New: 1. Changed: 1./)).toBeVisible();
    expect(asked.at(-1)).toMatchObject({ dry_run: false, tag: "t1" });
    expect(asked.at(-1)?.only?.toSorted()).toEqual(["gpt-5.2", "gpt-6"]);
    await user.click(sheet.getByRole("button", { name: "Done" }));
    await waitFor(() => expect(pages.state.location.search).not.toHaveProperty("import"));
  });

  it("tells why a model failed, and writes nothing while nothing is ticked", async () => {
    const { user, sheet, paste, compare, asked } = await open();
    await paste("[]");
    await compare();
    await user.click(await sheet.findByText("Failed"));
    expect(sheet.getByText("It has no price for input and output tokens.")).toBeVisible();
    expect(sheet.queryByRole("checkbox")).toBeNull();
    await user.click(sheet.getByText("New"));
    await user.click(sheet.getByRole("button", { name: "Untick shown" }));
    await user.click(sheet.getByRole("button", { name: "Write 0 models" }));
    expect(asked).toHaveLength(1);
  });

  it("takes a file, and not one that is too large", async () => {
    const { user, sheet, asked, compare } = await open();
    const picker = sheet.getByLabelText("Choose a file", { selector: "input" });
    await user.upload(
      picker,
      new File(["x".repeat(8 * 1_024 * 1_024 + 1)], "huge.json", { type: "application/json" }),
    );
    expect(await sheet.findByRole("alert")).toHaveTextContent("8.0 MiB");
    await user.upload(picker, new File(['{"a": {}}'], "prices.json", { type: "application/json" }));
    expect(await sheet.findByText("prices.json")).toBeVisible();
    expect(sheet.queryByRole("alert")).toBeNull();
    await compare();
    await waitFor(() => expect(asked).toEqual([{ text: '{"a": {}}', dry_run: true }]));
  });

  it("says that rubbish is no list of prices, and lets it be mended", async () => {
    const { user, sheet, paste, compare } = await open();
    server.use(
      http.post("/api/admin/models/import", () => problem(400, "malformed"), { once: true }),
    );
    await paste("nonsense");
    await compare();
    expect(await sheet.findByRole("alert")).toHaveTextContent("not JSON in a form that is known");
    const text = sheet.getByLabelText("Or paste JSON");
    expect(text).toHaveValue("nonsense");
    await user.clear(text);
    await paste("[]");
    expect(sheet.queryByRole("alert")).toBeNull();
    await compare();
    expect(await sheet.findByText(/LiteLLM’s list/)).toBeVisible();
  });

  it("asks the server for an address, and writes what it showed", async () => {
    const { user, sheet, asked, compare, typeAddress } = await open();
    await typeAddress("prices");
    await compare();
    expect(asked).toEqual([]);
    await user.click(sheet.getByRole("button", { name: "LiteLLM’s public list" }));
    const field = sheet.getByLabelText("Address of the list");
    expect(field).toHaveValue(
      "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",
    );
    await user.clear(field);
    await user.type(field, "https://prices.example/list.json{Enter}");
    expect(await sheet.findByText(/LiteLLM’s list, 5 models/)).toBeVisible();
    const url = "https://prices.example/list.json";
    expect(asked).toEqual([{ url, dry_run: true }]);
    await user.click(sheet.getByRole("button", { name: "Write one model" }));
    expect(await sheet.findByText("One model was written")).toBeVisible();
    expect(asked.at(-1)).toEqual({ url, dry_run: false, only: ["gpt-6"], tag: "t1" });
  });

  it.each([
    ["unreachable", "The list could not be reached."],
    ["forbidden", "does not call that address"],
    ["not_a_list", "What came is no list of prices."],
    ["too_large", "larger than 8 MiB"],
    ["malformed", "Give an address such as"],
  ])("says what is wrong with an address: %s", async (code, words) => {
    const { sheet, compare, typeAddress } = await open();
    const detail = "why it is";
    server.use(
      http.post("/api/admin/models/import", () =>
        problem(422, "invalid", { detail, fields: [{ pointer: "/url", code, detail }] }),
      ),
    );
    await typeAddress("https://prices.example/list.json");
    await compare();
    const alert = await sheet.findByRole("alert");
    expect(alert).toHaveTextContent(words);
    expect(alert).toHaveTextContent(detail);
    expect(sheet.getByLabelText("Address of the list")).toHaveValue(
      "https://prices.example/list.json",
    );
  });

  it("writes nothing when the list is another by now, and compares again", async () => {
    const { user, sheet, asked, paste, compare } = await open();
    await paste("{}");
    await compare();
    await sheet.findByText(/LiteLLM’s list/);
    server.use(
      http.post("/api/admin/models/import", () => problem(409, "conflict"), { once: true }),
    );
    await user.click(sheet.getByRole("button", { name: "Write one model" }));
    const alert = await sheet.findByRole("alert");
    expect(alert).toHaveTextContent("has changed since it was shown to you");
    await user.click(within(alert).getByRole("button", { name: "Compare again" }));
    await waitFor(() => expect(sheet.queryByRole("alert")).toBeNull());
    expect(asked).toEqual([
      { text: "{}", dry_run: true },
      { text: "{}", dry_run: true },
    ]);
  });

  it("shows what is pinned, and has it ticked by itself only", async () => {
    const { user, sheet, paste, compare } = await open();
    await paste("{}");
    await compare();
    const take = await sheet.findByRole("checkbox", { name: "Take gpt-5.2" });
    const lines = within(sheet.getByRole("list", { name: "Models of the list" }));
    expect(lines.getAllByText(/^Pinned: it stays unless you tick it/)).toHaveLength(1);
    await user.click(sheet.getByRole("button", { name: "Tick the one shown" }));
    expect(take).not.toBeChecked();
    expect(lines.getByRole("checkbox", { name: "Take o5-mini" })).toBeChecked();
    await user.click(take);
    await user.click(sheet.getByRole("button", { name: "Untick shown" }));
    expect(take).not.toBeChecked();
  });

  it("tells what of a price is left out", async () => {
    const rows = report().rows.map((row) =>
      row.model === "gpt-6"
        ? { ...row, written: false, reason_code: "partial", note_code: "priority_uneven" as const }
        : row,
    );
    const { sheet, paste, compare } = await open(report({ format: "realms_v0", rows }));
    await paste("[]");
    await compare();
    expect(await sheet.findByText(/The form of Realms 0, 5 models/)).toBeVisible();
    expect(sheet.getByText(/The lane “priority” of one model: its prices are not/)).toBeVisible();
    expect(sheet.getByRole("button", { name: "Write 0 models" })).toBeVisible();
  });

  it("draws only the lines in view of a list of thousands", async () => {
    const rows = Array.from({ length: 3_000 }, (_, at) => ({
      model: `model-${at}`,
      state: "added" as const,
      after: { input_usd: "1", output_usd: "2" },
      written: false,
      pinned: false,
    }));
    const { user, sheet, paste, compare } = await open(report({ rows }));
    await paste("{}");
    await compare();
    expect(await sheet.findByText(/3,000 models/)).toBeVisible();
    expect(sheet.queryAllByRole("checkbox").length).toBeLessThan(100);
    await user.type(sheet.getByLabelText("Find a model"), "model-2999");
    expect(await sheet.findByRole("checkbox", { name: "Take model-2999" })).toBeVisible();
    await user.click(sheet.getByRole("button", { name: "Tick the one shown" }));
    expect(sheet.getByRole("button", { name: "Write one model" })).toBeVisible();
  });
});
