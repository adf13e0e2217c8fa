import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it, vi } from "vitest";

import type { Finding, Overview } from "@/api/types";
import { me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { healthyOverview, overview } from "./overview-fixture";

vi.mock("@/chart/plot", () => ({ default: () => null })); // jsdom has no canvas

const answers = (state: Overview) =>
  http.get("/api/admin/overview", () => HttpResponse.json(state));
const open = (state: Overview, who = root()) =>
  renderPage("/admin", { me: who, handlers: [answers(state)] });

describe("the overview", () => {
  it("says in one line that all is well", async () => {
    open(healthyOverview());
    expect(await screen.findByText("All 3 channels serve")).toBeVisible();
    expect(screen.queryByRole("list", { name: "What needs someone" })).toBeNull();
    expect(screen.queryByRole("region", { name: "Setting up" })).toBeNull();
    expect(document.title).toContain("Overview");
  });

  it("lists what is wrong with what shows it and the way to mend it", async () => {
    open(overview());
    expect(await screen.findByText("5 of 7 channels serve fully")).toBeVisible();
    expect(screen.getByText("1 degraded · 1 down · 2 disabled")).toBeVisible();
    const findings = screen.getByRole("list", { name: "What needs someone" });
    const [down, , credential, price] = within(findings).getAllByRole("listitem");
    expect(down).toHaveTextContent("Channel pro-1 is down");
    expect(down).toHaveTextContent("all credentials rest · key refused");
    expect(within(down as HTMLElement).getByRole("link", { name: "Open channel" })).toHaveAttribute(
      "href",
      "/admin/channels/pro-1",
    );
    expect(credential).toHaveTextContent("Credential main of channel pro-1 fails");
    expect(price).toHaveTextContent("7 models that are served have no price");
    expect(within(price as HTMLElement).getByRole("link")).toHaveAttribute(
      "href",
      "/admin/models?f=priced%3Afalse",
    );
  });

  it.each<[Finding["kind"], Record<string, string>, string]>([
    ["model_no_channel", { count: "2", models: "a, b" }, "2 models have no channel"],
    ["plain_http", { address: "http://a" }, "The site is reached without TLS"],
    ["catalog_defect", { count: "2", message: "x" }, "has 2 defects and is not in force"],
    ["spool", { lost: "3", waiting: "0" }, "3 records of usage were lost"],
    ["spool", { lost: "0", waiting: "5000" }, "5000 records of usage wait for the database"],
    ["something_new" as Finding["kind"], {}, "something_new"],
  ])("has words for %s", async (kind, params, words) => {
    open(healthyOverview({ findings: [{ id: "x", severity: "warning", kind, params }] }));
    const list = await screen.findByRole("list", { name: "What needs someone" });
    expect(list).toHaveTextContent(words);
  });

  it("leads from its figures and people to the calls behind them", async () => {
    open(overview());
    const now = await screen.findByRole("list", { name: "Now" });
    expect(within(now).getByText("7.4")).toBeVisible();
    expect(within(now).getByText("182k")).toBeVisible();
    expect(within(now).getByRole("link", { name: /Errors/ })).toHaveAttribute(
      "href",
      expect.stringMatching(/^\/admin\/requests\?f=outcome.*t=1h$/),
    );
    const people = screen.getByRole("list", { name: "Top users today" });
    expect(within(people).getByRole("link", { name: /ana/ })).toHaveAttribute(
      "href",
      expect.stringContaining("f=user%3Aus_7"),
    );
    expect(screen.getByRole("figure", { name: /first token/ })).toBeInTheDocument();
  });

  it("shows how far setting up has come, and puts it away when asked to", async () => {
    const seen: unknown[] = [];
    const { user } = renderPage("/admin", {
      me: root(),
      handlers: [
        answers(overview()),
        http.put("/api/admin/setup", async ({ request }) => {
          seen.push(await request.json());
          return HttpResponse.json({ ...overview().setup, dismissed: true });
        }),
      ],
    });
    const setup = await screen.findByRole("region", { name: "Setting up" });
    expect(within(setup).getByText("3 of 6 done")).toBeVisible();
    expect(within(setup).getByRole("link", { name: "Go on" })).toHaveAttribute("href", "/setup");
    await user.click(within(setup).getByRole("button", { name: "Put away" }));
    await waitFor(() => expect(setup).not.toBeInTheDocument());
    expect(seen).toEqual([{ dismissed: true }]);
  });

  it("says so when it cannot be put away", async () => {
    const { user } = renderPage("/admin", {
      me: root(),
      handlers: [
        answers(overview()),
        http.put("/api/admin/setup", () => problem(503, "unavailable")),
      ],
    });
    await user.click(await screen.findByRole("button", { name: "Put away" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("cannot answer at the moment");
  });

  it("tells what went wrong, and tries again", async () => {
    const { user } = renderPage("/admin", {
      me: root(),
      handlers: [http.get("/api/admin/overview", () => problem(500, "internal"))],
    });
    expect(await screen.findByText("Something failed inside the server.")).toBeVisible();
    server.use(answers(healthyOverview()));
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("All 3 channels serve")).toBeVisible();
  });
});

describe("who may see it", () => {
  it("is not a plain user", async () => {
    open(overview(), me());
    expect(await screen.findByText("This is not for your account")).toBeVisible();
  });

  it("is an operator, without links to calls they may not read", async () => {
    const permissions = operatorPermissions.filter((one) => one !== "usage.read");
    open(overview(), me({ role: "admin", permissions }));
    const now = await screen.findByRole("list", { name: "Now" });
    expect(within(now).queryAllByRole("link")).toEqual([]);
  });
});
