import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it } from "vitest";

import type { InvitationOffer, InvitationView } from "@/api/types";
import { setLanguage } from "@/i18n";
import { features, me } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";

const on = me({ features: features({ invitations: true }) });
const path = "/account/invitations";

const invitation = (changes: Partial<InvitationView> = {}): InvitationView => ({
  code: "7G4KQ2M9XA",
  terms: { inviter_usd: "1", invitee_usd: "0.5", after: "sign_up" },
  invited: 3,
  rewarded: 2,
  earned_usd: "2",
  latest: [
    { at: "2026-11-24T08:00:00Z" },
    { at: "2026-11-20T08:00:00Z", rewarded_at: "2026-11-21T09:00:00Z" },
  ],
  ...changes,
});

const tells = (changes: Partial<InvitationView> = {}) =>
  http.get("/api/invitation", () => HttpResponse.json(invitation(changes)));

const link = () => screen.findByLabelText("Invitation link");

describe("invitations", () => {
  afterEach(() => setLanguage("en"));

  it("show the link, what it is worth, and what came of it, without names", async () => {
    const { user } = renderPage(path, { me: on, handlers: [tells()] });
    const address = "https://llm.example.org/register?invite=7G4KQ2M9XA";
    expect(await link()).toHaveValue(address);
    expect(screen.getByText(/you get \$1\.00 and they get \$0\.50 of credit/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Copy the link" }));
    expect(await navigator.clipboard.readText()).toBe(address);
    const sums = within(screen.getByRole("list", { name: "What came of it" }));
    expect(sums.getByText("3")).toBeVisible();
    expect(sums.getByText("$2.00")).toBeVisible();
    const latest = within(screen.getByRole("table", { name: "The latest" }));
    expect(latest.getAllByRole("row")).toHaveLength(3);
    expect(latest.getByText("Not yet")).toBeVisible();
  });

  it.each<[Partial<InvitationOffer>, RegExp]>([
    [{ after: "first_payment" }, /pays for the first time, you get \$1\.00 and they get/],
    [{ invitee_usd: "0" }, /signs up by it, you get \$1\.00 of credit/],
    [{ inviter_usd: "0.00" }, /signs up by it, they get \$0\.50 of credit/],
    [{ inviter_usd: "0", invitee_usd: "0" }, /bring no credit/],
  ])("are worth what their terms say: %j", async (terms, words) => {
    const all = { ...invitation().terms, ...terms };
    renderPage(path, { me: on, handlers: [tells({ terms: all })] });
    expect(await screen.findByText(words)).toBeVisible();
  });

  it("get a new link after a question, and the old one is gone", async () => {
    const renewed = http.post("/api/invitation/code", () => HttpResponse.json({ code: "NEW" }));
    const { user } = renderPage(path, { me: on, handlers: [tells(), renewed] });
    await user.click(await screen.findByRole("button", { name: "Make a new link" }));
    const question = await screen.findByRole("dialog", { name: "Make a new link?" });
    expect(question).toHaveAccessibleDescription(/stops working at once/);
    await user.click(within(question).getByRole("button", { name: "Make a new link" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(await link()).toHaveValue("https://llm.example.org/register?invite=NEW");
  });

  it("keep their link where no new one could be made", async () => {
    const refused = http.post("/api/invitation/code", () => problem(500, "internal"));
    const { user } = renderPage(path, { me: on, handlers: [tells(), refused] });
    await user.click(await screen.findByRole("button", { name: "Make a new link" }));
    const question = within(await screen.findByRole("dialog"));
    await user.click(question.getByRole("button", { name: "Make a new link" }));
    expect(await question.findByRole("alert")).toHaveTextContent("Something failed inside");
    await user.click(question.getByRole("button", { name: "Cancel" }));
    expect(await link()).toHaveValue("https://llm.example.org/register?invite=7G4KQ2M9XA");
  });

  it("say so where nobody came yet", async () => {
    renderPage(path, { me: on, handlers: [tells({ invited: 0, rewarded: 0, latest: [] })] });
    expect(await screen.findByText("Nobody yet")).toBeVisible();
  });

  it("that cannot be loaded say why, and can be asked for again", async () => {
    const failing = http.get("/api/invitation", () => problem(500, "internal"), { once: true });
    const { user } = renderPage(path, { me: on, handlers: [failing, tells()] });
    expect(await screen.findByText("Something failed inside the server.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await link()).toBeVisible();
  });

  it("are not there where they are switched off", async () => {
    renderPage(path);
    expect(await screen.findByText("This is switched off")).toBeVisible();
  });

  it("read as they should in Chinese", async () => {
    await setLanguage("zh-CN");
    renderPage(path, { me: on, handlers: [tells()] });
    expect(await screen.findByRole("heading", { level: 1, name: "邀请" })).toBeVisible();
    expect(await screen.findByText(/你获得 .*1\.00 额度/)).toBeVisible();
  });
});
