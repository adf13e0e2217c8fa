import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";

import { CopyButton } from "./copy-button";

/** A page on plain http: no clipboard, and the old way works or not. */
function plainHttp(works: boolean) {
  vi.stubGlobal("navigator", { ...navigator, clipboard: undefined });
  const copied: string[] = [];
  document.execCommand = vi.fn(() => {
    copied.push((document.activeElement as HTMLTextAreaElement).value);
    return works;
  });
  return copied;
}

afterEach(() => {
  Reflect.deleteProperty(document, "execCommand");
});

describe("copying", () => {
  it("uses the clipboard and says so", async () => {
    const user = userEvent.setup(); // brings a clipboard
    render(<CopyButton text="sk_1" what="the key" />);
    await user.click(screen.getByRole("button", { name: "Copy the key" }));
    expect(await screen.findByRole("status")).toHaveTextContent("Copied");
    expect(await navigator.clipboard.readText()).toBe("sk_1");
  });

  it("works on plain http too, and gives the focus back", async () => {
    const user = userEvent.setup();
    const copied = plainHttp(true);
    render(<CopyButton text="sk_1" />);
    await user.click(screen.getByRole("button", { name: "Copy" }));
    expect(await screen.findByText("Copied", { selector: "button" })).toHaveFocus();
    expect(copied).toEqual(["sk_1"]);
    expect(document.querySelector("textarea")).not.toBeInTheDocument();
  });

  it("shows the text selected where the browser allows nothing", async () => {
    const user = userEvent.setup();
    plainHttp(false);
    render(<CopyButton text="sk_1" what="the key" />);
    await user.click(screen.getByRole("button", { name: "Copy the key" }));
    const field = await screen.findByRole<HTMLInputElement>("textbox", { name: "Copy the key" });
    expect(field).toHaveValue("sk_1");
    expect(field).toHaveFocus();
    expect(field.selectionEnd).toBe(4);
    expect(screen.getByText(/The text is selected/)).toBeInTheDocument();
  });
});
