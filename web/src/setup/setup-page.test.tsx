import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { bootstrap, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";

async function fillIn(user: ReturnType<typeof renderPage>["user"]) {
  await user.type(await screen.findByLabelText("Set-up code"), " k3m9-x7p2 ");
  await user.type(screen.getByLabelText("Account name"), "ana");
  await user.type(screen.getByLabelText("Password"), " eight or more ");
  await user.click(screen.getByRole("button", { name: "Create root account" }));
}

describe("a new server", () => {
  it.each(["/", "/login", "/account"])("leads from %s to its set-up", async (path) => {
    const { pages } = renderPage(path, { me: null, site: { setup_needed: true } });
    expect(await screen.findByLabelText("Set-up code")).toBeInTheDocument();
    expect(pages.state.location.pathname).toBe("/setup");
  });

  it("gets its root account with the code, and goes on with its set-up", async () => {
    const seen: unknown[] = [];
    const { user, pages } = renderPage("/setup", { me: null, site: { setup_needed: true } });
    await screen.findByLabelText("Set-up code");
    server.use(
      http.post("/api/setup", async ({ request }) => {
        seen.push(await request.json());
        return HttpResponse.json(root(), { status: 201 });
      }),
      http.get("/api/bootstrap", () => HttpResponse.json(bootstrap())),
      http.get("/api/admin/setup", () => problem(503, "unavailable")),
    );
    await fillIn(user);
    expect(await screen.findByRole("heading", { name: "Set up this server" })).toBeInTheDocument();
    expect(pages.state.location.pathname).toBe("/setup");
    expect(seen).toEqual([{ code: "k3m9-x7p2", username: "ana", password: " eight or more " }]);
  });

  it("refuses a wrong code and keeps the form", async () => {
    server.use(http.post("/api/setup", () => problem(401, "unauthenticated")));
    const { user } = renderPage("/setup", { me: null, site: { setup_needed: true } });
    await fillIn(user);
    expect(await screen.findByRole("alert")).toHaveTextContent("The code is wrong or was used");
    expect(screen.getByLabelText("Account name")).toHaveValue("ana");
  });

  it("is set up once only", async () => {
    const { pages } = renderPage("/setup", { me: null });
    await waitFor(() => expect(pages.state.location.pathname).toBe("/login"));
  });
});
