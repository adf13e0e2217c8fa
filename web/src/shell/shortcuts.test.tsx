import { fireEvent, render } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { enableShortcuts, pressKey, useShortcut, useShortcuts } from "./shortcuts";

const go = vi.fn();
const help = vi.fn();

function Keys() {
  useShortcut({ keys: "g d", label: "Dashboard", group: "go" }, go);
  useShortcut({ keys: "?", label: "Help", group: "everywhere" }, help);
  return <output>{useShortcuts().map(({ keys }) => `${keys};`)}</output>;
}

beforeEach(() => {
  go.mockReset();
  help.mockReset();
  window.addEventListener("keydown", pressKey);
});
afterEach(() => {
  window.removeEventListener("keydown", pressKey);
  enableShortcuts(true);
});

describe("shortcuts", () => {
  it("work with one key and with two in a row", () => {
    const { container } = render(<Keys />);
    expect(container).toHaveTextContent("g d;?;");
    fireEvent.keyDown(document.body, { key: "?" });
    expect(help).toHaveBeenCalledOnce();
    fireEvent.keyDown(document.body, { key: "g" });
    expect(go).not.toHaveBeenCalled();
    fireEvent.keyDown(document.body, { key: "d" });
    expect(go).toHaveBeenCalledOnce();
    fireEvent.keyDown(document.body, { key: "d" });
    expect(go).toHaveBeenCalledOnce();
  });

  it("leave letters to the fields, and keys with Ctrl to the browser", () => {
    const { getByLabelText } = render(
      <>
        <Keys />
        <input aria-label="Name" />
      </>,
    );
    fireEvent.keyDown(getByLabelText("Name"), { key: "?" });
    fireEvent.keyDown(document.body, { key: "?", ctrlKey: true });
    expect(help).not.toHaveBeenCalled();
  });

  it("can be switched off", () => {
    render(<Keys />);
    enableShortcuts(false);
    fireEvent.keyDown(document.body, { key: "?" });
    expect(help).not.toHaveBeenCalled();
  });

  it("are gone with the component", () => {
    render(<Keys />).unmount();
    fireEvent.keyDown(document.body, { key: "?" });
    expect(help).not.toHaveBeenCalled();
  });
});
