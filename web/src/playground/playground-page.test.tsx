import { readFileSync } from "node:fs";
import { join } from "node:path";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { keys, models } from "@/connect/fixtures/account";
import { conversation } from "./fixtures/conversation";
import { PlaygroundPage } from "./playground-page";
import { loadKept, saveKept } from "./store";
import { pathOf } from "./tree";

const folder = join(import.meta.dirname, "../../../fixtures/dialect");

function recorded(name: string, status = 200): Response {
  const type = name.endsWith(".sse") ? "text/event-stream" : "application/json";
  return new Response(readFileSync(join(folder, name)), {
    status,
    headers: { "content-type": type, "x-request-id": "01890a60-0011-774b-bcce-b302099a0003" },
  });
}

function open(fetcher: typeof fetch, over: Partial<Parameters<typeof PlaygroundPage>[0]> = {}) {
  render(
    <PlaygroundPage
      origin="https://llm.example.org"
      models={models}
      keys={keys}
      fetch={fetcher}
      {...over}
    />,
  );
}

const message = () => screen.getByRole("textbox", { name: "Message" });
const keptTurns = () => loadKept(localStorage)?.threads.flatMap(({ tree }) => pathOf(tree));
const bodyOf = (fetcher: ReturnType<typeof vi.fn<typeof fetch>>, at = 0) =>
  JSON.parse(String(fetcher.mock.calls[at]?.[1]?.body)) as { input?: unknown[] };

it("sends with Enter, shows the answer, its figures and the way to its trace", async () => {
  const fetcher = vi.fn<typeof fetch>().mockResolvedValue(recorded("responses/text.sse"));
  open(fetcher);
  await userEvent.type(message(), "Say hello{Enter}");
  const link = await screen.findByRole("link", { name: "Show how it went" });
  expect(link).toHaveAttribute("href", "/usage?req=01890a60-0011-774b-bcce-b302099a0003");
  expect(fetcher.mock.calls[0]?.[0]).toBe("/api/playground/ak_1/v1/responses");
  expect(bodyOf(fetcher)).toMatchObject({ model: "gpt-5.2", stream: true });
  expect(screen.getByText(/first word after/)).toBeVisible();
  await waitFor(() => expect(keptTurns()).toHaveLength(2));
});

it("does not send what is only being written", async () => {
  const fetcher = vi.fn<typeof fetch>();
  open(fetcher);
  await userEvent.type(message(), "one{Shift>}{Enter}{/Shift}two");
  expect(message()).toHaveValue("one\ntwo");
  expect(fetcher).not.toHaveBeenCalled();
});

it("shows thinking and calls, and sends results back", async () => {
  const fetcher = vi
    .fn<typeof fetch>()
    .mockResolvedValueOnce(recorded("messages/tool_use.sse"))
    .mockResolvedValueOnce(recorded("messages/text.sse"));
  open(fetcher, { model: "claude-sonnet-4-5" });
  await userEvent.type(message(), "List the files{Enter}");
  expect(await screen.findByText("Calls Bash")).toBeVisible();
  expect(screen.getByText("I should list files.")).toBeInTheDocument();
  await userEvent.type(await screen.findByLabelText("Result to send back: Bash"), "a.txt");
  await userEvent.click(screen.getByRole("button", { name: "Send results" }));
  await screen.findByText("Result of Bash");
  const { messages } = bodyOf(fetcher, 1) as unknown as { messages: { content: unknown[] }[] };
  expect(messages.at(-1)?.content).toEqual([
    { type: "tool_result", tool_use_id: "toolu_01", content: "a.txt" },
  ]);
});

it("shows an error in the server's words, with its status", async () => {
  const body = { error: { message: "No such model.", type: "x", code: "model_not_found" } };
  open(vi.fn<typeof fetch>().mockResolvedValue(Response.json(body, { status: 404 })));
  await userEvent.type(message(), "Hi{Enter}");
  const alert = await screen.findByRole("alert");
  expect(within(alert).getByText("The request failed with 404")).toBeVisible();
  expect(alert).toHaveTextContent("No such model.");
});

it("stops, and keeps what had come", async () => {
  const fetcher = vi.fn<typeof fetch>().mockImplementation(
    (_url, init) =>
      new Promise((_, reject) => {
        init?.signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      }),
  );
  open(fetcher);
  await userEvent.type(message(), "Hi{Enter}");
  await userEvent.click(await screen.findByRole("button", { name: "Stop" }));
  expect(await screen.findByText("Stopped")).toBeVisible();
});

it("asks again, and goes on from a changed question", async () => {
  saveKept(localStorage, conversation);
  const fetcher = vi
    .fn<typeof fetch>()
    .mockImplementation(async () => recorded("responses/text.sse"));
  open(fetcher);
  const again = () => screen.getAllByRole("button", { name: "Answer again" });
  await userEvent.click(again().at(-1) as HTMLElement);
  await waitFor(() => expect(fetcher).toHaveBeenCalledTimes(1));
  expect(screen.queryByText(/Rate limit reached/)).toBeNull();
  await waitFor(() => expect(again()).toHaveLength(3));
  const [first] = screen.getAllByRole("button", { name: "Edit" });
  if (first) await userEvent.click(first);
  const [field] = screen.getAllByRole("textbox", { name: "Message" });
  if (field) await userEvent.type(field, " Now?");
  await userEvent.click(screen.getByRole("button", { name: "Send again from here" }));
  await waitFor(() => expect(fetcher).toHaveBeenCalledTimes(2));
  expect(bodyOf(fetcher, 1).input).toHaveLength(1);
});

it("refuses tools that are no JSON, and numbers that are none", async () => {
  open(vi.fn<typeof fetch>());
  await userEvent.click(screen.getByRole("textbox", { name: /^Tools/ }));
  await userEvent.paste("{");
  expect(screen.getByText("This is no JSON.")).toBeVisible();
  await userEvent.type(message(), "Hi");
  expect(screen.getByRole("button", { name: "Send" })).toBeDisabled();
  await userEvent.type(screen.getByRole("textbox", { name: /^Temperature/ }), "3");
  expect(screen.getByText("A number between 0 and 2.")).toBeVisible();
});

it("keeps to dialects that the model speaks", async () => {
  open(vi.fn<typeof fetch>());
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Model" }), "gemini-3-pro");
  expect(screen.getByRole("combobox", { name: "Dialect" })).toHaveValue("gemini");
});

it("shows what went out and what came, with its time", async () => {
  open(vi.fn<typeof fetch>().mockResolvedValue(recorded("responses/text.sse")));
  await userEvent.type(message(), "Hi{Enter}");
  await screen.findByRole("link", { name: "Show how it went" });
  await userEvent.click(screen.getByRole("tab", { name: "Raw" }));
  expect(screen.getByText("POST /v1/responses")).toBeVisible();
  expect(screen.getAllByText(/^\d+ ms$/).length).toBeGreaterThan(3);
  await userEvent.click(screen.getByRole("tab", { name: "Code" }));
  expect(screen.getByText(/curl -N https:\/\/llm\.example\.org\/v1\/responses/)).toBeVisible();
});

it("clears after asking", async () => {
  saveKept(localStorage, conversation);
  open(vi.fn<typeof fetch>());
  await userEvent.click(screen.getByRole("button", { name: "More about the conversation" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Clear all" }));
  await userEvent.click(await screen.findByRole("button", { name: "Clear all" }));
  expect(await screen.findByText("Nothing asked yet")).toBeVisible();
  expect(loadKept(localStorage)).toBeUndefined();
});

it("says so where no key can be used", () => {
  open(vi.fn<typeof fetch>(), { keys: [] });
  expect(screen.getByText(/You have no active key/)).toBeVisible();
});

it("takes images and PDFs, and refuses other files", async () => {
  const fetcher = vi.fn<typeof fetch>().mockResolvedValue(recorded("responses/text.sse"));
  open(fetcher);
  const input = document.querySelector<HTMLInputElement>("input[type=file]") as HTMLInputElement;
  const user = userEvent.setup({ applyAccept: false });
  await user.upload(input, new File(["x"], "x.txt", { type: "text/plain" }));
  expect(await screen.findByText("x.txt: PNG, JPEG, WebP, GIF or PDF only.")).toBeVisible();
  await user.upload(input, new File(["x"], "x.png", { type: "image/png" }));
  expect(await screen.findByRole("img", { name: "Image 1" })).toBeVisible();
  expect(screen.queryByRole("alert")).toBeNull();
  await user.upload(input, [
    new File(["p"], "plan.pdf", { type: "application/pdf" }),
    new File(["o"], "other.pdf", { type: "application/pdf" }),
  ]);
  await user.click(await screen.findByRole("button", { name: "Remove other.pdf" }));
  await user.click(screen.getByRole("button", { name: "Send" }));
  await waitFor(() => expect(fetcher).toHaveBeenCalledTimes(1));
  expect(bodyOf(fetcher).input).toEqual([
    {
      role: "user",
      content: [
        { type: "input_image", image_url: "data:image/png;base64,eA==" },
        {
          type: "input_file",
          filename: "plan.pdf",
          file_data: "data:application/pdf;base64,cA==",
        },
      ],
    },
  ]);
  expect(screen.getByText("plan.pdf")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Remove plan.pdf" })).toBeNull();
});
