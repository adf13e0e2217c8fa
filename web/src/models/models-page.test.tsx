import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { UserModel } from "@/api/types";
import { features, me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";

const model: UserModel = {
  name: "claude-opus-4-5",
  owner: "Anthropic",
  dialects: ["messages", "chat"],
  input_usd: "6",
  output_usd: "30",
  base_input_usd: "5",
  base_output_usd: "25",
  multiplier: "1.2",
  channel_groups: ["default"],
};
const models = (items: UserModel[]) =>
  http.get("/api/models", () => HttpResponse.json({ items, approx_total: items.length }));

describe("models", () => {
  it("shows what I pay, and the base price behind it", async () => {
    renderPage("/models", { handlers: [models([model])] });
    const row = await screen.findByRole("row", { name: /claude-opus-4-5/ });
    expect(row).toHaveTextContent("$6.00");
    expect(within(row).getByTitle(/\$5.*1\.2/)).toBeInTheDocument();
    expect(within(row).getByText("Messages")).toBeInTheDocument();
  });

  it("leads to the playground only where there is one", async () => {
    const { user } = renderPage("/models", {
      me: me({ features: features({ playground: false }) }),
      handlers: [models([model])],
    });
    const row = await screen.findByRole("row", { name: /claude-opus-4-5/ });
    expect(within(row).getByRole("button", { name: /Connect a client/ })).toBeInTheDocument();
    expect(within(row).queryByRole("button", { name: /playground/ })).not.toBeInTheDocument();
    await user.tab();
  });

  it("tells operators and users different things when there is nothing", async () => {
    renderPage("/models", { handlers: [models([])] });
    expect(await screen.findByText(/Ask the operator/)).toBeInTheDocument();
  });

  it("tells an operator how to get some", async () => {
    renderPage("/models", { me: root(), handlers: [models([])] });
    expect(await screen.findByText(/Add a channel/)).toBeInTheDocument();
  });
});
