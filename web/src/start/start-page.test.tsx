import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { healthBody } from "../health/health-fixture";
import { StartPage } from "./start-page";

/** Answers every request with this body, or fails when there is none. */
function serverAnswers(body?: Record<string, unknown>) {
  vi.stubGlobal("fetch", async () => {
    if (!body) throw new TypeError("connection refused");
    return Response.json(body);
  });
}

const fact = (name: string) => screen.getByText(name).closest("div");

describe("the first page", () => {
  it("says that it is asking, then what the server says", async () => {
    serverAnswers(healthBody());
    render(<StartPage />);
    expect(screen.getByText("Asking the server for its state")).toBeVisible();
    expect(await screen.findByText("Running")).toBeVisible();
    expect(fact("Database")).toHaveTextContent("ConnectedSQLite, 0.4 ms");
    expect(fact("Models")).toHaveTextContent("3ready to be called");
    expect(screen.queryByLabelText("Set-up code")).not.toBeInTheDocument();
  });

  it("offers to make the first root user, and goes on when there is one", async () => {
    serverAnswers(healthBody({ setup: "needed", models: 0 }));
    render(<StartPage />);
    const step = screen.getByRole("heading", { name: /Create the first root user/ });
    expect(await within(step).findByText("Next")).toBeVisible();
    await userEvent.type(screen.getByLabelText("Set-up code"), "k3m9");
    await userEvent.type(screen.getByLabelText("User name"), "ana");
    await userEvent.type(screen.getByLabelText("Password"), "eight or more");
    serverAnswers(healthBody({ models: 0 }));
    await userEvent.click(screen.getByRole("button", { name: "Create root user" }));
    expect(await within(step).findByText("Done")).toBeVisible();
    const next = screen.getByRole("heading", { name: /Describe an upstream/ });
    expect(within(next).getByText("Next")).toBeVisible();
  });

  it("shows defects and a broken database as something to mend", async () => {
    const database = { state: "unreachable", latency_ms: null, kind: "postgres" };
    serverAnswers(healthBody({ ok: false, database, catalog: { version: 7, defects: 2 } }));
    render(<StartPage />);
    expect(await screen.findByText("Needs attention")).toBeVisible();
    expect(screen.getByText(/database does not answer/)).toBeVisible();
    expect(screen.getAllByText("2 defects in the configuration")).toHaveLength(2);
    expect(fact("Database")).toHaveTextContent("unreachablePostgreSQL");
  });

  it("asks again when told to, after a failure", async () => {
    serverAnswers();
    render(<StartPage />);
    expect(await screen.findByText("Not reachable")).toBeVisible();
    expect(screen.getByText("connection refused")).toBeInTheDocument();
    serverAnswers(healthBody());
    await userEvent.click(screen.getByRole("button", { name: "Ask again" }));
    expect(await screen.findByText("Running")).toBeVisible();
  });

  it("tells another server's answer apart from none", async () => {
    serverAnswers({ status: "up" });
    render(<StartPage />);
    expect(await screen.findByText(/not with the state of a Realms/)).toBeVisible();
  });

  it("shows the address that the operator set", async () => {
    serverAnswers(healthBody({ base_url: "https://llm.example.org" }));
    render(<StartPage />);
    expect(await screen.findByText("Running")).toBeVisible();
    await userEvent.click(screen.getByRole("tab", { name: "Claude Code" }));
    const snippet = screen.getByText(/export ANTHROPIC_BASE_URL=/);
    expect(snippet).toHaveTextContent("https://llm.example.org");
  });

  it("switches client by keyboard", async () => {
    serverAnswers(healthBody());
    render(<StartPage />);
    await userEvent.click(screen.getByRole("tab", { name: "Codex CLI" }));
    await userEvent.keyboard("{ArrowRight}");
    expect(screen.getByRole("tab", { name: "Claude Code" })).toHaveFocus();
    expect(screen.getByText(/export ANTHROPIC_BASE_URL=/)).toHaveTextContent(location.origin);
    await userEvent.keyboard("{End}");
    expect(screen.getByRole("tab", { name: "curl" })).toHaveAttribute("aria-selected", "true");
  });

  it("folds what is done", async () => {
    serverAnswers(healthBody());
    render(<StartPage />);
    await screen.findByText("Running");
    expect(screen.getByText("manifest.toml")).not.toBeVisible();
    await userEvent.click(screen.getAllByText("Show this step again")[0] as HTMLElement);
    expect(screen.getByText("manifest.toml")).toBeVisible();
  });

  it("copies, and says so", async () => {
    const user = userEvent.setup();
    serverAnswers(healthBody({ models: 0 }));
    render(<StartPage />);
    await user.click(screen.getByRole("button", { name: "Copy manifest.toml" }));
    expect(await navigator.clipboard.readText()).toContain("[[channel]]");
    expect(screen.getByRole("button", { name: "Copied manifest.toml" })).toBeVisible();
  });

  it("says when copying is not possible", async () => {
    const user = userEvent.setup();
    vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("not allowed"));
    serverAnswers(healthBody({ models: 0 }));
    render(<StartPage />);
    await user.click(screen.getByRole("button", { name: "Copy manifest.toml" }));
    const failed = "Select and copy by hand manifest.toml";
    expect(await screen.findByRole("button", { name: failed })).toBeVisible();
  });

  it("speaks Chinese and turns dark, and remembers both", async () => {
    serverAnswers(healthBody());
    render(<StartPage />);
    await userEvent.click(screen.getByRole("radio", { name: "中文" }));
    expect(await screen.findByText("运行中")).toBeVisible();
    await userEvent.click(screen.getByRole("radio", { name: "深色" }));
    expect(document.documentElement.dataset.theme).toBe("dark");
    expect(localStorage.getItem("realms.theme")).toBe("dark");
    expect(localStorage.getItem("realms.language")).toBe("zh-CN");
  });
});
