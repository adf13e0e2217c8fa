import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it } from "vitest";

import { setLanguage } from "@/i18n";
import { features, me, operatorPermissions, root } from "@/test/fixtures";
import { problem } from "@/test/server";
import { app, boss, openApps, program } from "./apps-fixture";

const base = "/api/admin/oauth-apps";
const row = (name: RegExp) => screen.findByRole("row", { name });

async function choose(user: ReturnType<typeof openApps>["user"], name: RegExp, verb: string) {
  await user.click(within(await row(name)).getByRole("button", { name: /^Actions/ }));
  await user.click(await screen.findByRole("menuitem", { name: verb }));
}

describe("OAuth apps", () => {
  it("tell who they are, what they may ask for, and how many let them in", async () => {
    openApps({ items: [app({ grants: 1234 }), program()] });
    const first = await row(/Notebook/);
    for (const word of ["On", "Example Ltd", "oa_000…0001", "Profile · Models", "1,234", "5 min"]) {
      expect(first).toHaveTextContent(word);
    }
    const other = await row(/Terminal/);
    for (const word of ["Switched off", "E-mail", "Never used"]) {
      expect(other).toHaveTextContent(word);
    }
    expect(within(first).getByRole("button", { name: "Copy Client id" })).toBeVisible();
  });

  it("keep what is hostile as text", async () => {
    const { container } = openApps({
      items: [app({ name: "<img src=x>", publisher: "<b>1</b>" })],
    });
    expect(await screen.findByText("<img src=x>")).toBeVisible();
    expect(container.querySelector("img[src=x], td b")).toBeNull();
  });

  it("are shut out for everybody once it was said how many that is", async () => {
    const { sent, user } = openApps();
    await choose(user, /Notebook/, "Shut out for everybody");
    const question = within(
      await screen.findByRole("dialog", { name: "Shut Notebook out for everybody?" }),
    );
    expect(question.getByText(/2 users have let it in/)).toBeVisible();
    expect(sent).toEqual([]);
    await user.click(question.getByRole("button", { name: "Shut out for everybody" }));
    expect(await screen.findByText("Notebook was shut out of 2 accounts")).toBeVisible();
    expect(sent).toEqual([{ what: `POST ${base}/oa_0000000000001/revoke-grants` }]);
    await user.click(within(await row(/Notebook/)).getByRole("button", { name: /^Actions/ }));
    const verb = await screen.findByRole("menuitem", { name: /^Shut out for everybody/ });
    expect(verb).toHaveTextContent("Nobody has let it in");
    expect(verb).toHaveAttribute("aria-disabled", "true");
  });

  it("that somebody let in are deleted by typing their name", async () => {
    const { sent, user } = openApps();
    await choose(user, /Notebook/, "Delete");
    const question = within(await screen.findByRole("dialog", { name: "Delete Notebook?" }));
    await user.click(question.getByRole("button", { name: "Delete" }));
    expect(sent).toEqual([]);
    await user.type(question.getByLabelText("Type Notebook to confirm"), "Notebook");
    await user.click(question.getByRole("button", { name: "Delete" }));
    expect(await screen.findByText("No OAuth apps")).toBeVisible();
    expect(sent).toEqual([{ what: `DELETE ${base}/oa_0000000000001` }]);
  });

  it("that nobody let in are deleted by one press, and have no secret to rotate", async () => {
    const { sent, user } = openApps({ items: [program()] });
    await user.click(within(await row(/Terminal/)).getByRole("button", { name: /^Actions/ }));
    expect(await screen.findByRole("menuitem", { name: /^Rotate secret/ })).toHaveTextContent(
      "It keeps no secret",
    );
    await user.click(screen.getByRole("menuitem", { name: "Delete" }));
    const question = within(await screen.findByRole("dialog", { name: "Delete Terminal?" }));
    expect(question.getByText(/Nobody has let it in/)).toBeVisible();
    await user.click(question.getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(sent).toEqual([{ what: `DELETE ${base}/oa_0000000000002` }]));
  });

  it("say in place what they are where there is none", async () => {
    openApps({ items: [] });
    expect(await screen.findByText("No OAuth apps")).toBeVisible();
    expect(screen.getByText(/nobody has to paste an API key/)).toBeVisible();
  });

  it("are tried again when they cannot be had", async () => {
    let isDown = true;
    const down = http.get(base, () =>
      isDown ? problem(503, "unavailable") : HttpResponse.json({ items: [app()] }),
    );
    const { user } = openApps({ first: [down] });
    const retry = await screen.findByRole("button", { name: "Try again" });
    isDown = false;
    await user.click(retry);
    expect(await row(/Notebook/)).toBeVisible();
  });

  it("can be shut out for everybody while they are switched off", async () => {
    const { sent, user } = openApps({ who: root({ features: features() }) });
    expect(await screen.findByText(/none of their tokens works/)).toBeVisible();
    await choose(user, /Notebook/, "Shut out for everybody");
    const question = within(await screen.findByRole("dialog"));
    await user.click(question.getByRole("button", { name: "Shut out for everybody" }));
    expect(await screen.findByText("Notebook was shut out of 2 accounts")).toBeVisible();
    expect(sent).toEqual([{ what: `POST ${base}/oa_0000000000001/revoke-grants` }]);
  });

  it("are for root alone, and not there in self mode", async () => {
    const first = openApps({ who: me({ features: boss.features }) });
    expect(await screen.findByText("This is not for your account")).toBeVisible();
    first.unmount();
    const operator = me({
      role: "admin",
      permissions: operatorPermissions,
      features: boss.features,
    });
    const second = openApps({ who: operator });
    expect(await screen.findByText("This is not for your account")).toBeVisible();
    second.unmount();
    openApps({ site: { self_mode: true } });
    expect(await screen.findByText("This is switched off")).toBeVisible();
  });
});

describe("in Chinese", () => {
  afterEach(() => setLanguage("en"));

  it("the page reads as it should", async () => {
    await setLanguage("zh-CN");
    const { user } = openApps();
    expect(await screen.findByRole("heading", { level: 1, name: "OAuth 应用" })).toBeVisible();
    expect(await row(/Notebook/)).toHaveTextContent("资料 · 模型");
    await user.click(screen.getByRole("button", { name: "新建 OAuth 应用" }));
    const sheet = within(await screen.findByRole("dialog", { name: "新建 OAuth 应用" }));
    expect(sheet.getByLabelText("名称")).toBeVisible();
    expect(sheet.getByRole("checkbox", { name: /以你的名义调用模型/ })).not.toBeChecked();
  });
});
