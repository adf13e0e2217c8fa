import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { AuditEntry } from "@/api/types";
import { me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";

const entry: AuditEntry = {
  id: "au_1",
  at: "2026-11-20T08:00:00Z",
  actor_kind: "user",
  actor: "ana",
  address: "10.0.0.7",
  user_agent: "Firefox 140",
  action: "channel.update",
  object_kind: "channel",
  object: "pro-1",
  changes: [{ path: "weight", before: "1", after: "5" }],
};

const operator = root();

describe("the audit log", () => {
  it("lists deeds and shows one with each field before and after", async () => {
    const log = http.get("/api/admin/audit", () => HttpResponse.json({ items: [entry] }));
    const { user, pages } = renderPage("/admin/audit", { me: operator, handlers: [log] });
    await user.click(await screen.findByText("Channel changed"));
    const sheet = await screen.findByRole("dialog", { name: "Channel changed" });
    expect(within(sheet).getByText("weight").closest("div")).toHaveTextContent("1+After:5");
    expect(within(sheet).getByText("Firefox 140")).toBeInTheDocument();
    expect(pages.state.location.search).toMatchObject({ row: "au_1" });
  });

  it("asks for one entry that is not in the list", async () => {
    const handlers = [
      http.get("/api/admin/audit", () => HttpResponse.json({ items: [] })),
      http.get("/api/admin/audit/au_1", () => HttpResponse.json(entry)),
    ];
    renderPage("/admin/audit?row=au_1", { me: operator, handlers });
    expect(await screen.findByText("Firefox 140")).toBeInTheDocument();
  });

  it("sends its conditions, and words as the name of an object", async () => {
    const asked: string[] = [];
    const log = http.get("/api/admin/audit", ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("filter") ?? "");
      return HttpResponse.json({ items: [] });
    });
    renderPage("/admin/audit?f=actor:ana&q=pro-1", { me: operator, handlers: [log] });
    expect(await screen.findByRole("heading", { name: "Audit log" })).toBeInTheDocument();
    await expect.poll(() => asked).toEqual(['actor:ana object:"pro-1"']);
  });

  it("says when it cannot be loaded, and is not for everyone", async () => {
    const down = http.get("/api/admin/audit", () => problem(503, "unavailable"));
    const { unmount } = renderPage("/admin/audit", { me: operator, handlers: [down] });
    expect(await screen.findByRole("button", { name: "Try again" })).toBeInTheDocument();
    unmount();
    renderPage("/admin/audit", { me: me() });
    expect(await screen.findByText("This is not for your account")).toBeInTheDocument();
  });
});
