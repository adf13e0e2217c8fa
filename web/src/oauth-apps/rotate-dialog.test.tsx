import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { problem, server } from "@/test/server";
import { app, openApps } from "./apps-fixture";

const address = "/api/admin/oauth-apps/oa_0000000000001/rotate-secret";

async function ask(opened: ReturnType<typeof openApps>) {
  const row = await screen.findByRole("row", { name: /Notebook/ });
  await opened.user.click(within(row).getByRole("button", { name: "Rotate secret" }));
  return within(await screen.findByRole("dialog", { name: "Rotate the secret of Notebook?" }));
}

describe("a new secret", () => {
  it("is shown once, and the old one stays good for a day unless something else is chosen", async () => {
    const opened = openApps();
    const question = await ask(opened);
    expect(question.getByRole("radio", { name: "1 day" })).toBeChecked();
    expect(question.getByText(/Until then both work/)).toBeVisible();
    await opened.user.click(question.getByRole("button", { name: "Rotate secret" }));
    const made = within(await screen.findByRole("dialog", { name: "Notebook" }));
    expect(made.getByText("ocs_new_in_full")).toBeVisible();
    expect(made.getByText(/ends …77c1/)).toBeVisible();
    expect(opened.sent).toEqual([{ what: `POST ${address}`, body: { keep_old_s: 86_400 } }]);
    await opened.user.click(made.getByRole("button", { name: "I saved it" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(document.body).not.toHaveTextContent("ocs_new_in_full");
  });

  it.each([
    ["No longer", 0],
    ["1 hour", 3_600],
    ["7 days", 604_800],
  ])("ends the old one after: %s", async (choice, keep_old_s) => {
    const opened = openApps();
    const question = await ask(opened);
    await opened.user.click(question.getByRole("radio", { name: choice }));
    await opened.user.click(question.getByRole("button", { name: "Rotate secret" }));
    expect(await screen.findByText("ocs_new_in_full")).toBeVisible();
    expect(opened.sent).toEqual([{ what: `POST ${address}`, body: { keep_old_s } }]);
  });

  it("is made once the server knows again who asks", async () => {
    let isKnown = false;
    const guarded = http.post(address, () =>
      isKnown
        ? HttpResponse.json({ app: app(), client_secret: "ocs_after_proof" })
        : problem(403, "reauthentication_needed"),
    );
    const opened = openApps({ first: [guarded] });
    server.use(
      http.post("/api/me/reauthenticate", () => {
        isKnown = true;
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const question = await ask(opened);
    await opened.user.click(question.getByRole("button", { name: "Rotate secret" }));
    const proof = within(await screen.findByRole("dialog", { name: "Confirm that it is you" }));
    await opened.user.type(proof.getByLabelText("Password"), "pass word");
    await opened.user.click(proof.getByRole("button", { name: "Confirm" }));
    expect(await screen.findByText("ocs_after_proof")).toBeVisible();
  });

  it("that could not be made leaves the question with the reason", async () => {
    const down = http.post(address, () => problem(503, "unavailable"));
    const opened = openApps({ first: [down] });
    const question = await ask(opened);
    await opened.user.click(question.getByRole("button", { name: "Rotate secret" }));
    expect(await question.findByText(/cannot answer at the moment/)).toBeVisible();
  });
});
