import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { MadeToken, SetupState } from "@/api/types";
import { me, root } from "@/test/fixtures";
import { beginningOf, renderPage } from "@/test/render";
import { problem } from "@/test/server";

const fresh: SetupState = {
  root: true,
  address: false,
  channel: false,
  test: false,
  key: false,
  call: false,
  done: false,
  dismissed: false,
  detected_address: "http://10.0.0.2:8080",
  forwarded_proto_untrusted: true,
};
const made: MadeToken = {
  key: "sk_full_key",
  token: {
    id: "ak_1",
    name: "first-key",
    hint: "9f3a",
    enabled: true,
    status: "active",
    revealable: true,
    channel_groups: [],
    limits: {},
    rules: {},
    created_at: "2026-11-01T08:00:00Z",
    updated_at: "2026-11-01T08:00:00Z",
  },
};

const dashboard = http.get("/api/dashboard", () => problem(503, "unavailable"));

function server(first: Partial<SetupState> = {}) {
  let state = { ...fresh, ...first };
  const done = (change: Partial<SetupState>) => {
    state = { ...state, ...change };
  };
  const handlers = [
    http.get("/api/admin/setup", () => HttpResponse.json(state)),
    http.put("/api/admin/setup", () => {
      done({ dismissed: true });
      return HttpResponse.json(state);
    }),
    http.put("/api/admin/settings/site_base_url", () => {
      done({ address: true });
      return HttpResponse.json({});
    }),
    http.get("/api/tokens", () => HttpResponse.json({ items: state.key ? [made.token] : [] })),
    http.get("/api/models", () => HttpResponse.json({ items: [] })),
    http.get("/api/stream", () => problem(404, "not_found")),
    http.post("/api/admin/channels/resolve", () => problem(503, "unavailable")),
    dashboard,
  ];
  return { handlers, done };
}

const heading = (name: string) => screen.findByRole("heading", { level: 2, name });

describe("the set-up", () => {
  it("saves the detected address and goes on to the channel", async () => {
    const { handlers } = server();
    const { user, pages } = renderPage("/setup", { me: root(), site: noAddress, handlers });
    expect(await screen.findByLabelText("Site address")).toHaveValue("http://10.0.0.2:8080");
    expect(screen.getByText(/does not trust it/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Use this address" }));
    expect(await heading("Add a first channel")).toBeInTheDocument();
    expect(pages.state.location.search).toEqual({ step: "channel" });
    expect(screen.getByRole("button", { name: /Address.*\(done\)/ })).toBeInTheDocument();
  });

  it("goes on where it was left; the key leaves the page after its steps", async () => {
    const { handlers, done } = server({ address: true, channel: true, test: true });
    const make = http.post("/api/tokens", () => {
      done({ key: true });
      return HttpResponse.json(made, { status: 201 });
    });
    const { user } = renderPage("/setup", { me: root(), handlers: [make, ...handlers] });
    await user.click(await screen.findByRole("button", { name: "Create key" }));
    expect(await screen.findByText("sk_full_key")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Next" }));
    expect(await heading("Connect a client")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Skip this step" }));
    expect(await screen.findByText("One step is left")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: /API key/ }));
    expect(await screen.findByText("You have a key already.")).toBeInTheDocument();
    expect(document.body.innerHTML).not.toContain("sk_full_key");
  });

  it("can be left for good", async () => {
    const { handlers } = server();
    const { user, pages } = renderPage("/setup", { me: root(), handlers });
    await user.click(await screen.findByRole("button", { name: "Leave the set-up" }));
    await expect.poll(() => pages.state.location.pathname).toBe(beginningOf(pages, root()));
  });

  it("says why an address was not taken, and when nothing can be loaded", async () => {
    const { handlers } = server();
    const refuse = http.put("/api/admin/settings/site_base_url", () => problem(400, "invalid"));
    const { user, unmount } = renderPage("/setup", { me: root(), handlers: [refuse, ...handlers] });
    await user.click(await screen.findByRole("button", { name: "Use this address" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("did not accept this");
    unmount();
    const down = http.get("/api/admin/setup", () => problem(503, "unavailable"));
    renderPage("/setup", { me: root(), handlers: [down] });
    expect(await screen.findByRole("button", { name: "Try again" })).toBeInTheDocument();
  });

  it("is not for users", async () => {
    const { pages } = renderPage("/setup", { me: me(), handlers: [dashboard] });
    await expect.poll(() => pages.state.location.pathname).toBe(beginningOf(pages));
  });
});

const noAddress = { site_base_url: undefined } as unknown as object;
