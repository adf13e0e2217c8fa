import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { SetupForm } from "./setup-form";

function serverAnswers(status: number, body: object, headers: Record<string, string> = {}) {
  const fetch = vi.fn(async (..._: Parameters<typeof globalThis.fetch>) =>
    Response.json(body, { status, headers }),
  );
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

async function fillIn() {
  await userEvent.type(screen.getByLabelText("Set-up code"), " k3m9-x7p2 ");
  await userEvent.type(screen.getByLabelText("User name"), "ana");
  await userEvent.type(screen.getByLabelText("Password"), " eight or more ");
  await userEvent.click(screen.getByRole("button", { name: "Create root user" }));
}

describe("the first root user", () => {
  it("is made with the code", async () => {
    const fetch = serverAnswers(201, { username: "ana" });
    const onDone = vi.fn();
    render(<SetupForm onDone={onDone} />);
    await fillIn();
    expect(onDone).toHaveBeenCalledOnce();
    const [path, request] = fetch.mock.calls[0] ?? [];
    expect(path).toBe("/api/setup");
    expect(JSON.parse(String(request?.body))).toEqual({
      code: "k3m9-x7p2",
      username: "ana",
      password: " eight or more ",
    });
  });

  it("is not made with a wrong code, and the form stays as it is", async () => {
    serverAnswers(401, { code: "unauthenticated", detail: "the set-up code is wrong" });
    const onDone = vi.fn();
    render(<SetupForm onDone={onDone} />);
    await fillIn();
    expect(await screen.findByRole("alert")).toHaveTextContent("The code is wrong or was used");
    expect(screen.getByLabelText("User name")).toHaveValue("ana");
    expect(onDone).not.toHaveBeenCalled();
  });

  it("must wait after too many tries", async () => {
    serverAnswers(429, { code: "throttled", detail: "wait" }, { "retry-after": "30" });
    render(<SetupForm onDone={vi.fn()} />);
    await fillIn();
    expect(await screen.findByRole("alert")).toHaveTextContent("wait 30 seconds");
  });

  it("shows what the server says of anything else", async () => {
    serverAnswers(422, { code: "invalid", detail: "a password has 8 to 256 bytes" });
    render(<SetupForm onDone={vi.fn()} />);
    await fillIn();
    expect(await screen.findByRole("alert")).toHaveTextContent("a password has 8 to 256 bytes");
  });

  it("is not made while the server is away", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("connection refused");
    });
    render(<SetupForm onDone={vi.fn()} />);
    await fillIn();
    expect(await screen.findByRole("alert")).toHaveTextContent("Not reachable");
  });
});
