import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { SaveBar } from "./save-bar";

const onSave = vi.fn();
const onDiscard = vi.fn();

function renderForm(dirty: boolean) {
  const rootRoute = createRootRoute();
  const form = createRoute({
    getParentRoute: () => rootRoute,
    path: "/form",
    component: () => (
      <SaveBar
        changes={dirty ? [{ label: "Timeout", before: "10 s", after: "30 s" }] : []}
        saving={false}
        onSave={onSave}
        onDiscard={onDiscard}
      />
    ),
  });
  const other = createRoute({
    getParentRoute: () => rootRoute,
    path: "/other",
    component: () => "Other",
  });
  const router = createRouter({
    routeTree: rootRoute.addChildren([form, other]),
    history: createMemoryHistory({ initialEntries: ["/form"] }),
  });
  render(<RouterProvider router={router as never} />);
  return { router, leave: () => void router.navigate({ to: "/other" } as never) };
}

describe("changes that are not saved", () => {
  it("are counted and can be looked at, saved and discarded", async () => {
    renderForm(true);
    await userEvent.click(await screen.findByRole("button", { name: "1 change" }));
    expect(screen.getByText("Timeout:").closest("li")).toHaveTextContent("Timeout: 10 s → 30 s");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await userEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(onSave).toHaveBeenCalledOnce();
    expect(onDiscard).toHaveBeenCalledOnce();
  });

  it("are asked about before the page is left", async () => {
    const { router, leave } = renderForm(true);
    await screen.findByRole("button", { name: "Save" });
    leave();
    await userEvent.click(await screen.findByRole("button", { name: "Stay" }));
    expect(router.state.location.pathname).toBe("/form");
    leave();
    await userEvent.click(await screen.findByRole("button", { name: "Leave" }));
    expect(await screen.findByText("Other")).toBeInTheDocument();
  });

  it("that are none hold nobody", async () => {
    const { router, leave } = renderForm(false);
    await waitFor(() => expect(router.state.status).toBe("idle"));
    expect(screen.queryByRole("button", { name: "Save" })).not.toBeInTheDocument();
    leave();
    expect(await screen.findByText("Other")).toBeInTheDocument();
  });
});
