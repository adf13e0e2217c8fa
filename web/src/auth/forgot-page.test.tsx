import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";

describe("a forgotten password", () => {
  it("is replaced with a code from the mailbox", async () => {
    const seen: unknown[] = [];
    server.use(
      http.post("/api/password/forgot", () => HttpResponse.json({}, { status: 202 })),
      http.post("/api/password/reset", async ({ request }) => {
        seen.push(await request.json());
        return seen.length === 1
          ? problem(401, "code_wrong")
          : new HttpResponse(null, { status: 204 });
      }),
    );
    const { user, pages } = renderPage("/forgot", { me: null });
    await user.type(await screen.findByLabelText("E-mail"), "ana@example.org");
    await user.click(screen.getByRole("button", { name: "Send code" }));
    await user.type(await screen.findByLabelText("Code from the e-mail"), "111111");
    await user.type(screen.getByLabelText("New password"), "eight or more");
    await user.click(screen.getByRole("button", { name: "Set password" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The code is wrong.");
    await user.click(screen.getByRole("button", { name: "Set password" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/login"));
    expect(await screen.findByText(/The password is changed/)).toBeInTheDocument();
    expect(seen[1]).toEqual({
      email: "ana@example.org",
      code: "111111",
      password: "eight or more",
    });
  });

  it("needs the operator where the site sends no mail", async () => {
    renderPage("/forgot", { me: null, site: { mail: false } });
    expect(await screen.findByText(/This site sends no e-mail/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Send code" })).not.toBeInTheDocument();
  });
});
