import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { call } from "@/trace/fixtures/base";
import { ConnectPanel } from "./connect-panel";
import { detectOs } from "./detect-os";
import { exampleKey, keys, models } from "./fixtures/account";

const common = { origin: "https://llm.example.org", keys, models };

it("fills in the address, and masks the key until asked", async () => {
  render(<ConnectPanel {...common} made={{ id: "ak_1", key: exampleKey }} />);
  expect(screen.getByText(/base_url = "https:\/\/llm\.example\.org\/v1"/)).toBeVisible();
  expect(screen.queryByText(new RegExp(exampleKey))).toBeNull();
  expect(screen.getAllByText(/sk_\.\.\.9f3a/).length).toBeGreaterThan(0);
  await userEvent.click(screen.getByRole("switch", { name: "Hide the key on the screen" }));
  expect(screen.getAllByText(new RegExp(exampleKey)).length).toBeGreaterThan(0);
});

it("copies the whole key although it is masked", async () => {
  const user = userEvent.setup();
  render(<ConnectPanel {...common} client="cursor" made={{ id: "ak_1", key: exampleKey }} />);
  await user.click(screen.getByRole("button", { name: "Copy OpenAI API Key" }));
  expect(await navigator.clipboard.readText()).toBe(exampleKey);
});

it("offers only models that the client speaks and the key may use", async () => {
  render(<ConnectPanel {...common} client="codex" />);
  const options = () =>
    within(screen.getByRole("combobox", { name: "Model" }))
      .getAllByRole("option")
      .map((option) => option.textContent);
  expect(options()).toEqual(["gpt-5.2", "gpt-5.2-mini"]);
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "API key" }), "ak_2");
  expect(options()).toEqual(["gpt-5.2"]);
});

it("offers no model that the rules of the key leave out", () => {
  const [laptop, ...others] = keys;
  const narrowed = { ...laptop, rules: { models: ["gpt-5.2-*"] } } as (typeof keys)[number];
  const { rerender } = render(
    <ConnectPanel {...common} keys={[narrowed, ...others]} client="codex" />,
  );
  const options = within(screen.getByRole("combobox", { name: "Model" })).getAllByRole("option");
  expect(options.map((one) => one.textContent)).toEqual(["gpt-5.2-mini"]);
  const elsewhere = { ...laptop, rules: { dialects: ["gemini"] } } as (typeof keys)[number];
  rerender(<ConnectPanel {...common} keys={[elsewhere, ...others]} client="codex" />);
  expect(screen.queryByRole("combobox", { name: "Model" })).toBeNull();
});

it("says what is missing when no model fits", () => {
  render(<ConnectPanel {...common} models={models.slice(0, 2)} client="claude_code" />);
  expect(screen.getByText(/None of your models speaks what Claude Code needs/)).toBeVisible();
});

it("asks for the key, and says when it is not given", async () => {
  const onReveal = vi.fn().mockRejectedValueOnce(new Error("no")).mockResolvedValueOnce(exampleKey);
  render(<ConnectPanel {...common} client="codex" onReveal={onReveal} />);
  expect(screen.getAllByText(/sk_YOUR_KEY/).length).toBeGreaterThan(0);
  await userEvent.click(screen.getByRole("button", { name: "Fill in the key" }));
  expect(await screen.findByText("The key could not be shown.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Fill in the key" }));
  expect((await screen.findAllByText(/sk_\.\.\.9f3a/)).length).toBeGreaterThan(0);
});

it("offers no revoked key, and no reveal of one that cannot be shown", async () => {
  render(<ConnectPanel {...common} client="codex" onReveal={vi.fn()} />);
  expect(screen.queryByRole("option", { name: /^old/ })).toBeNull();
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "API key" }), "ak_2");
  expect(screen.queryByRole("button", { name: "Fill in the key" })).toBeNull();
  expect(screen.getByText(/This key cannot be shown again/)).toBeVisible();
});

it("changes the commands with the shell", async () => {
  render(<ConnectPanel {...common} client="codex" />);
  expect(screen.getAllByText(/export REALMS_API_KEY/).length).toBeGreaterThan(0);
  await userEvent.click(screen.getByRole("radio", { name: "Windows PowerShell" }));
  expect(screen.getByText(/\$env:REALMS_API_KEY = 'sk_YOUR_KEY'$/)).toBeVisible();
});

it("waits for the first request, and tells of one that failed", () => {
  const { rerender } = render(<ConnectPanel {...common} waiting={{ state: "waiting" }} />);
  expect(screen.getByText("Waiting for your first request with this key")).toBeVisible();
  const failed = call({ outcome: "failed", status: 502 });
  rerender(
    <ConnectPanel {...common} waiting={{ state: "arrived", call: failed, href: "/usage?req=1" }} />,
  );
  expect(screen.getByText("A request arrived and failed: Failed, 502.")).toBeVisible();
  expect(screen.getByRole("link", { name: "Show how it went" })).toHaveAttribute(
    "href",
    "/usage?req=1",
  );
});

it("tests with the chosen key and model", async () => {
  const onTest = vi.fn();
  render(
    <ConnectPanel {...common} client="codex" waiting={{ state: "waiting" }} onTest={onTest} />,
  );
  await userEvent.click(screen.getByRole("button", { name: "Send a test request from here" }));
  expect(onTest).toHaveBeenCalledWith("ak_1", "gpt-5.2");
});

it("links the errors to the pages that mend them", () => {
  render(<ConnectPanel {...common} />);
  expect(screen.getAllByRole("link", { name: "My keys" })[0]).toHaveAttribute("href", "/tokens");
});

it("knows Windows from the rest", () => {
  expect(detectOs("Mozilla/5.0 (Windows NT 10.0; Win64; x64)")).toBe("powershell");
  expect(detectOs("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)")).toBe("macos_linux");
});
