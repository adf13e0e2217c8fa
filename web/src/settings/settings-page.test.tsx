import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { SettingsView, SettingView } from "@/api/types";
import { me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";

const plain = { default: "", is_set: false, locked: false, restart: false } as const;
const name: SettingView = {
  ...plain,
  key: "site_name",
  value: "Realms",
  default: "Realms",
  about: "What the site is called.",
  section: "site",
  kind: "text",
  source: "default",
};
const attempts: SettingView = {
  ...plain,
  key: "retry_max_attempts",
  value: "9",
  default: "6",
  is_set: true,
  about: "Attempts of one call.",
  section: "routing",
  kind: "integer",
  min: 1,
  max: 20,
  source: "database",
  updated_at: "2026-11-20T08:00:00Z",
  updated_by: "ana",
};
const password: SettingView = {
  ...plain,
  key: "smtp_password",
  value: "",
  is_set: true,
  about: "The password at the mail server.",
  section: "mail",
  kind: "secret",
  source: "database",
};
const host: SettingView = {
  ...plain,
  key: "smtp_host",
  value: "mail.example.org",
  is_set: true,
  about: "The mail server.",
  section: "mail",
  kind: "text",
  source: "environment",
  env: "REALMS_SMTP_HOST",
  locked: true,
};
const all: SettingsView = {
  items: [name, attempts, host, password],
  config: [
    { name: "listen", env: "REALMS_LISTEN", value: ":8080", source: "default", about: "Where." },
  ],
};
const listed = http.get("/api/admin/settings", () => HttpResponse.json(all));

describe("settings", () => {
  it("saves what was changed, what was reset and a new secret, after showing the difference", async () => {
    let sent: unknown;
    const save = http.patch("/api/admin/settings", async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json(all);
    });
    const { user } = renderPage("/admin/settings", { me: root(), handlers: [listed, save] });
    const field = await screen.findByLabelText("Site name");
    await user.clear(field);
    await user.type(field, "Relay");
    const goTo = async (name: RegExp) =>
      user.click(within(screen.getByRole("navigation", { name: "Sections" })).getByText(name));
    await goTo(/Routing/);
    expect(screen.queryByLabelText("Site name")).not.toBeInTheDocument();
    await user.click(await screen.findByRole("button", { name: "Reset to default" }));
    await goTo(/E-mail/);
    await user.click(await screen.findByRole("button", { name: "Password" }));
    await user.type(screen.getByLabelText("Password"), "s3cret");
    await user.click(screen.getByRole("button", { name: "3 changes" }));
    const bar = screen.getByRole("region", { name: "3 changes" });
    expect(within(bar).getByText("Site name:").closest("li")).toHaveTextContent("Realms → Relay");
    expect(bar).toHaveTextContent("9 → 6");
    expect(bar).not.toHaveTextContent("s3cret");
    await user.click(within(bar).getByRole("button", { name: "Save" }));
    await expect
      .poll(() => sent)
      .toEqual({
        set: { site_name: "Relay", smtp_password: "s3cret" },
        reset: ["retry_max_attempts"],
      });
    await expect.poll(() => screen.queryByRole("button", { name: "Discard" })).toBeNull();
  });

  it("keeps the focus of a value that on its way is what it was before", async () => {
    const { user } = renderPage("/admin/settings", { me: root(), handlers: [listed] });
    const field = await screen.findByLabelText("Site name");
    await user.clear(field);
    await user.type(field, "Realms East");
    expect(field).toHaveFocus();
    expect(field).toHaveValue("Realms East");
    expect(screen.getByRole("button", { name: "1 change" })).toBeInTheDocument();
  });

  it("keeps what was typed when the server refuses, and says so at the field", async () => {
    const refuse = http.patch("/api/admin/settings", () =>
      problem(400, "invalid", {
        fields: [{ pointer: "/set/site_name", code: "too_long", detail: "too long" }],
      }),
    );
    const { user } = renderPage("/admin/settings", { me: root(), handlers: [listed, refuse] });
    await user.type(await screen.findByLabelText("Site name"), "!");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("This is too long.")).toBeInTheDocument();
    expect(screen.getByLabelText("Site name")).toHaveValue("Realms!");
  });

  it("does not send a number out of its bounds", async () => {
    const { user } = renderPage("/admin/settings?section=routing", {
      me: root(),
      handlers: [listed],
    });
    const field = await screen.findByLabelText("Attempts of one call");
    await user.clear(field);
    await user.type(field, "40");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(screen.getByText("At most 20.")).toBeInTheDocument();
    await expect.poll(() => document.activeElement).toBe(field);
  });

  it("leads to a mistake in another section instead of sending it", async () => {
    const { user, pages } = renderPage("/admin/settings?section=routing", {
      me: root(),
      handlers: [listed],
    });
    const field = await screen.findByLabelText("Attempts of one call");
    await user.clear(field);
    await user.type(field, "40");
    await user.click(screen.getByRole("link", { name: "Site" }));
    await screen.findByLabelText("Site name");
    expect(screen.getByRole("link", { name: "Routing Changed 1" })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("At most 20.")).toBeInTheDocument();
    expect(pages.state.location.search).toEqual({ section: "routing" });
    await expect
      .poll(() => document.activeElement)
      .toBe(screen.getByLabelText("Attempts of one call"));
  });

  it("shows what the environment fixes, one section at a time", async () => {
    renderPage("/admin/settings?section=mail", { me: root(), handlers: [listed] });
    expect(await screen.findByLabelText("Mail server")).toBeDisabled();
    expect(screen.queryByLabelText("Site name")).not.toBeInTheDocument();
    expect(screen.getByRole("link", { name: "E-mail" })).toHaveAttribute("aria-current", "page");
  });

  it("searches all sections, the start configuration too, and says when nothing is found", async () => {
    const { user } = renderPage("/admin/settings", { me: root(), handlers: [listed] });
    const search = await screen.findByLabelText("Search settings");
    await user.type(search, "REALMS_SMTP");
    expect(screen.queryByLabelText("Site name")).not.toBeInTheDocument();
    expect(screen.getByLabelText("Mail server")).toBeInTheDocument();
    await user.clear(search);
    await user.type(search, "realms_listen");
    expect(screen.getByText("REALMS_LISTEN")).toBeInTheDocument();
    await user.type(search, "x");
    expect(screen.getByText("No setting matches “realms_listenx”")).toBeInTheDocument();
  });

  it("is there to read for an operator who may not change it", async () => {
    const operator = me({ role: "admin", permissions: operatorPermissions });
    renderPage("/admin/settings", { me: operator, handlers: [listed] });
    expect(await screen.findByLabelText("Site name")).toBeDisabled();
    expect(screen.getByText(/Only root accounts change them/)).toBeInTheDocument();
  });

  it("says when it cannot be loaded", async () => {
    const down = http.get("/api/admin/settings", () => problem(503, "unavailable"));
    renderPage("/admin/settings", { me: root(), handlers: [down] });
    expect(await screen.findByRole("button", { name: "Try again" })).toBeInTheDocument();
  });
});
