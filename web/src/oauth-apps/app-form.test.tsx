import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, it } from "vitest";

import { problem } from "@/test/server";
import { app, openApps, program } from "./apps-fixture";

const base = "/api/admin/oauth-apps";
const making = { path: "/admin/oauth-apps?make=true", items: [] };
const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));
const isGone = () => waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

describe("a new OAuth app", () => {
  it("is told its secret once, and how it is connected", async () => {
    const { sent, user } = openApps(making);
    const sheet = await dialog("New OAuth app");
    await user.type(sheet.getByLabelText("Name"), "Notebook");
    await user.type(sheet.getByLabelText("Address 1"), "https://notebook.example/cb");
    await user.click(sheet.getByRole("checkbox", { name: /^Call models in your name/ }));
    await user.click(sheet.getByRole("button", { name: "Make" }));
    const made = await dialog("Notebook");
    expect(made.getByText("ocs_in_full")).toBeVisible();
    expect(made.getByText("oa_0000000000009")).toBeVisible();
    expect(made.getByText("https://llm.example.org/oauth/authorize")).toBeVisible();
    expect(
      made.getByText("https://llm.example.org/.well-known/oauth-authorization-server"),
    ).toBeVisible();
    expect(sent).toEqual([
      {
        what: `POST ${base}`,
        body: {
          name: "Notebook",
          publisher: "",
          redirect_uris: ["https://notebook.example/cb"],
          scopes: ["profile", "relay"],
          confidential: true,
          access_token_s: 86_400,
          enabled: true,
        },
      },
    ]);
    await user.click(made.getByRole("button", { name: "I saved it" }));
    await isGone();
    expect(document.body).not.toHaveTextContent("ocs_in_full");
    expect(await screen.findByRole("row", { name: /Notebook/ })).toBeVisible();
  });

  it("that runs with its users gets no secret", async () => {
    const { sent, user } = openApps(making);
    const sheet = await dialog("New OAuth app");
    await user.type(sheet.getByLabelText("Name"), "Terminal");
    await user.type(sheet.getByLabelText("Address 1"), "http://127.0.0.1/cb");
    await user.click(sheet.getByRole("radio", { name: "With its users" }));
    expect(sheet.getByText(/nothing stays secret there/)).toBeVisible();
    const life = sheet.getByLabelText("An access token works for");
    await user.clear(life);
    await user.type(life, "12");
    await user.selectOptions(sheet.getByLabelText("Unit"), "Hours");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    const made = await dialog("Terminal");
    expect(made.queryByText("Client secret")).toBeNull();
    expect(made.getByText(/PKCE and S256. It has no secret/)).toBeVisible();
    expect(sent).toMatchObject([{ body: { confidential: false, access_token_s: 43_200 } }]);
    await user.click(made.getByRole("button", { name: "Done" }));
    await isGone();
  });

  it("is judged while it is typed, address by address", async () => {
    const { sent, user } = openApps(making);
    const sheet = await dialog("New OAuth app");
    const first = sheet.getByLabelText("Address 1");
    await user.type(first, "http://notebook.example/cb");
    await user.tab();
    await waitFor(() => expect(first).toHaveAccessibleDescription(/^https, except/));
    await user.clear(first);
    await user.type(first, "https://notebook.example/cb");
    await waitFor(() => expect(first).not.toHaveAccessibleDescription());
    await user.click(sheet.getByRole("button", { name: "Add an address" }));
    const second = sheet.getByLabelText("Address 2");
    expect(second).toHaveFocus();
    expect(second).not.toHaveAccessibleDescription();
    await user.type(second, "https://notebook.example/cb");
    await waitFor(() => expect(second).toHaveAccessibleDescription(/there already/));
    await user.type(sheet.getByLabelText(/^Homepage/), "notebook.example");
    await user.click(sheet.getByRole("checkbox", { name: /^Know who you are/ }));
    const life = sheet.getByLabelText("An access token works for");
    await user.clear(life);
    await user.type(life, "366");
    await user.click(sheet.getByRole("button", { name: "Make" }));
    expect(await sheet.findByText("5 fields need a look")).toBeVisible();
    expect(sheet.getByLabelText("Name")).toHaveAccessibleDescription(/Fill this in/);
    expect(sheet.getByLabelText(/^Homepage/)).toHaveAccessibleDescription(/begins with https/);
    expect(sheet.getAllByText(/Choose one at least/).length).toBeGreaterThan(0);
    expect(life).toHaveAccessibleDescription(/^5 minutes to 365 days\./);
    expect(sent).toEqual([]);
  });

  it("shows what its users will be asked", async () => {
    const { user } = openApps(making);
    const sheet = await dialog("New OAuth app");
    await user.type(sheet.getByLabelText("Name"), "Notebook");
    await user.type(sheet.getByLabelText("Address 1"), "http://localhost:8123/cb");
    await user.click(sheet.getByText("What people are asked"));
    expect(sheet.getByText("An app asks for access")).toBeVisible();
    expect(sheet.getByText("Publisher not given")).toBeVisible();
    expect(sheet.getByText("localhost:8123").tagName).toBe("STRONG");
    expect(sheet.getByText(/a program on this computer/)).toBeVisible();
    expect(sheet.getByText("ana@example.org")).toBeVisible();
    expect(sheet.getByText("Allow").closest("[inert]")).not.toBeNull();
  });

  it("is not left behind unsaved without a question", async () => {
    const { user } = openApps(making);
    const sheet = await dialog("New OAuth app");
    await user.type(sheet.getByLabelText("Name"), "Notebook");
    await user.click(sheet.getByRole("button", { name: "Close" }));
    expect(await screen.findByText("Leave without saving?")).toBeVisible();
  });
});

describe("an OAuth app that is there", () => {
  const open = { path: "/admin/oauth-apps?row=oa_0000000000001" };

  it("is changed as a whole, and stays what it was made as", async () => {
    const { sent, user } = openApps({ ...open, items: [app({ access_token_s: 5_400 })] });
    const sheet = await dialog("Notebook");
    expect(sheet.queryByRole("radio", { name: "With its users" })).toBeNull();
    expect(sheet.getByText(/keeps a secret/)).toBeVisible();
    expect(sheet.getByText(/ends …9f3a/)).toBeVisible();
    const publisher = sheet.getByLabelText(/^Publisher/);
    await user.clear(publisher);
    await user.type(publisher, "Another Ltd");
    await user.clear(sheet.getByLabelText(/^Homepage/));
    await user.click(sheet.getByRole("checkbox", { name: /^Switched on/ }));
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await isGone();
    expect(await screen.findByText("Notebook was changed")).toBeVisible();
    expect(sent).toEqual([
      {
        what: `PUT ${base}/oa_0000000000001`,
        body: {
          name: "Notebook",
          publisher: "Another Ltd",
          redirect_uris: ["https://notebook.example/callback"],
          scopes: ["profile", "relay"],
          confidential: true,
          access_token_s: 5_400,
          enabled: false,
        },
      },
    ]);
  });

  it("tells until when the secret before still works", async () => {
    openApps({ ...open, items: [app({ old_secret_until: "2026-12-01T08:00:00Z" })] });
    const sheet = await dialog("Notebook");
    expect(sheet.getByText(/The one before works until/)).toHaveTextContent(/Dec 2026/);
  });

  it("has no secret to tell of where it keeps none", async () => {
    openApps({ path: "/admin/oauth-apps?row=oa_0000000000002", items: [program()] });
    const sheet = await dialog("Terminal");
    expect(sheet.getByText("The app runs with its users and has no secret.")).toBeVisible();
    expect(sheet.queryByText(/^Secret:/)).toBeNull();
  });

  it("shows what the server refuses beside the fields", async () => {
    const fields = [
      { pointer: "/name", code: "taken", detail: "" },
      { pointer: "/redirect_uris/0", code: "invalid", detail: "no `#`" },
      { pointer: "/access_token_s", code: "invalid", detail: "" },
      { pointer: "/scopes", code: "required", detail: "" },
    ];
    const refused = http.put(`${base}/:id`, () => problem(422, "invalid", { fields }));
    const { user, pages } = openApps({ ...open, first: [refused] });
    const sheet = await dialog("Notebook");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(sheet.getByLabelText("Name")).toHaveAccessibleDescription(/This is taken/),
    );
    expect(sheet.getByLabelText("Address 1")).toHaveAccessibleDescription(/not accepted/);
    expect(sheet.getByLabelText("An access token works for")).toHaveAccessibleDescription(
      /not accepted/,
    );
    expect(sheet.getByText("Fill this in.")).toBeVisible();
    expect(pages.state.location.searchStr).toContain("row=");
  });

  it("says that its name is taken, and keeps what was typed", async () => {
    const refused = http.put(`${base}/:id`, () => problem(409, "conflict"));
    const { user } = openApps({ ...open, first: [refused] });
    const sheet = await dialog("Notebook");
    const name = sheet.getByLabelText("Name");
    await user.clear(name);
    await user.type(name, "Terminal");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    expect(await sheet.findByText("There is an app of this name already.")).toBeVisible();
    expect(name).toHaveValue("Terminal");
  });
});
