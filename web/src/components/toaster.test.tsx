import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { toast, toastStore } from "./toast";
import { Toaster } from "./toaster";

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  for (const { id } of toastStore.get()) toast.dismiss(id);
  vi.useRealTimers();
});

const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

describe("a toast", () => {
  it("of something done goes away by itself", async () => {
    render(<Toaster />);
    act(() => void toast.done("Tested"));
    expect(screen.getByText("Tested")).toBeInTheDocument();
    await pass(6_500);
    expect(screen.queryByText("Tested")).not.toBeInTheDocument();
  });

  it("of a failure stays until it is dismissed", async () => {
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    render(<Toaster />);
    act(() => void toast.failed("The test broke", "status 502"));
    await pass(60_000);
    expect(screen.getByText("status 502")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Close" }));
    await pass(500);
    expect(screen.queryByText("The test broke")).not.toBeInTheDocument();
  });

  it("offers to take back what was done", async () => {
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    const undo = vi.fn();
    render(<Toaster />);
    act(() => void toast.done("Deleted", { label: "Undo", onPress: undo }));
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(undo).toHaveBeenCalledOnce();
  });

  it("is one of three at most", () => {
    render(<Toaster />);
    act(() => {
      for (const text of ["one", "two", "three", "four"]) toast.done(text);
    });
    expect(toastStore.get().map(({ text }) => text)).toEqual(["two", "three", "four"]);
  });
});
