import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { Button } from "./button";

describe("a button", () => {
  it("does nothing while it is at work, and keeps its name", async () => {
    const onClick = vi.fn();
    render(
      <Button loading onClick={onClick}>
        Save
      </Button>,
    );
    const button = screen.getByRole("button", { name: "Save" });
    await userEvent.click(button);
    expect(onClick).not.toHaveBeenCalled();
    expect(button).toHaveAttribute("aria-busy", "true");
  });

  it("that cannot be pressed now stays reachable and says why", async () => {
    const onClick = vi.fn();
    render(
      <Button disabledReason="Only root may." onClick={onClick}>
        Save
      </Button>,
    );
    await userEvent.tab();
    const button = screen.getByRole("button", { name: "Save" });
    expect(button).toHaveFocus();
    expect(button).toHaveAccessibleDescription(/^Only root may\./);
    await userEvent.click(button);
    expect(onClick).not.toHaveBeenCalled();
  });

  it("does not send a form by accident", () => {
    render(<Button>More</Button>);
    expect(screen.getByRole("button")).toHaveAttribute("type", "button");
  });
});
