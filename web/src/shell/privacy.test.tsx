import { fireEvent, screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it } from "vitest";
import { renderPage } from "@/test/render";
import { sums } from "@/test/usage-fixtures";
import { togglePrivacy } from "./privacy";

const laptop = {
  id: "ak_1",
  name: "laptop",
  hint: "9f3a",
  enabled: true,
  status: "active",
  revealable: true,
  channel_groups: [],
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-01T08:00:00Z",
  usage_today: sums({}),
  usage_30d: sums({}),
};
const handlers = [
  http.get("/api/tokens", () => HttpResponse.json({ items: [laptop], approx_total: 1 })),
];
const root = document.documentElement;

afterEach(() => {
  if (root.hasAttribute("data-privacy")) togglePrivacy();
});

describe("the privacy mask", () => {
  it("comes and goes with Shift M, and marks names and keys but not figures", async () => {
    const { user } = renderPage("/tokens", { handlers });
    const name = await screen.findByText("laptop");
    fireEvent.keyDown(document.body, { key: "M", shiftKey: true });
    expect(root).toHaveAttribute("data-privacy");
    expect(name.closest("[data-private]")).not.toBeNull();
    expect(screen.getByText("sk_…9f3a").closest("[data-private]")).not.toBeNull();
    expect(screen.getByText("Active").closest("[data-private]")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Show names, keys and addresses" }));
    expect(root).not.toHaveAttribute("data-privacy");
  });

  it("is no letter: M alone does nothing, and neither does Shift M in a field", async () => {
    renderPage("/tokens", { handlers });
    await screen.findByText("laptop");
    fireEvent.keyDown(document.body, { key: "m" });
    fireEvent.keyDown(screen.getByRole("combobox"), { key: "M", shiftKey: true });
    expect(root).not.toHaveAttribute("data-privacy");
  });

  it("is on the list of shortcuts", async () => {
    renderPage("/tokens", { handlers });
    await screen.findByText("laptop");
    fireEvent.keyDown(document.body, { key: "?" });
    expect(await screen.findByRole("dialog")).toHaveTextContent(
      "Hide names, keys and addressesShiftM",
    );
  });
});
