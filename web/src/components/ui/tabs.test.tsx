import { render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";

import { Tabs, TabsContent, TabsList, TabsTrigger } from "./tabs";

afterEach(() => vi.restoreAllMocks());

/** Four tabs of 100 px in a list of 150 px: a browser lays them out, jsdom is told. */
function layOut() {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(150);
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(100);
  vi.spyOn(HTMLElement.prototype, "offsetLeft", "get").mockImplementation(function (
    this: HTMLElement,
  ) {
    return [...(this.parentElement?.children ?? [])].indexOf(this) * 100;
  });
}

function Four({ open }: { open: string }) {
  return (
    <Tabs value={open}>
      <TabsList aria-label="Parts">
        {["a", "b", "c", "d"].map((one) => (
          <TabsTrigger key={one} value={one}>
            {one}
          </TabsTrigger>
        ))}
      </TabsList>
      <TabsContent value={open}>{open}</TabsContent>
    </Tabs>
  );
}

test("the open tab of a narrow list is in sight, at once and after a change", () => {
  layOut();
  const { rerender } = render(<Four open="d" />);
  const list = screen.getByRole("tablist");
  expect(list.scrollLeft).toBe(275);
  rerender(<Four open="b" />);
  expect(list.scrollLeft).toBe(75);
});

test("who scrolls the list is left alone", () => {
  layOut();
  const { rerender } = render(<Four open="d" />);
  const list = screen.getByRole("tablist");
  list.scrollLeft = 10;
  rerender(<Four open="d" />);
  expect(list.scrollLeft).toBe(10);
});
