import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import * as feed from "./feed";
import { useRefresh } from "./use-refresh";

let tell: () => void = () => undefined;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  vi.spyOn(feed, "listen").mockImplementation((_topics, onEvent) => {
    tell = () => onEvent({ event: "call", data: "{}", id: undefined });
    return () => undefined;
  });
});
afterEach(() => vi.useRealTimers());

function Part() {
  useRefresh(["calls"], ["list"], 5_000);
  return null;
}

it("asks at once, then at most every five seconds, and never forgets the last event", () => {
  const queries = new QueryClient();
  const asked = vi.spyOn(queries, "invalidateQueries").mockResolvedValue();
  const { unmount } = render(
    <QueryClientProvider client={queries}>
      <Part />
    </QueryClientProvider>,
  );
  const after = (ms: number) => act(() => void vi.advanceTimersByTime(ms));
  tell();
  after(0);
  expect(asked).toHaveBeenCalledTimes(1);
  for (let second = 0; second < 4; second += 1) {
    tell();
    after(1_000);
  }
  expect(asked).toHaveBeenCalledTimes(1);
  after(1_000);
  expect(asked).toHaveBeenCalledTimes(2);
  expect(asked).toHaveBeenLastCalledWith({ queryKey: ["list"] });
  tell();
  unmount();
  after(10_000);
  expect(asked).toHaveBeenCalledTimes(2);
});
