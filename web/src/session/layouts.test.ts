import { QueryClient } from "@tanstack/react-query";
import { http } from "msw";
import { afterEach, expect, it, vi } from "vitest";

import type { Me } from "@/api/types";
import { localLayouts } from "@/table/preferences";
import { me } from "@/test/fixtures";
import { server } from "@/test/server";
import { accountLayouts } from "./layouts";
import { meQuery } from "./session";

function stage(preferences: Record<string, unknown>) {
  const queries = new QueryClient();
  queries.setQueryData<Me | null>(meQuery.queryKey, me({ preferences }));
  const kept = () => queries.getQueryData<Me | null>(meQuery.queryKey)?.preferences;
  return { layouts: accountLayouts(queries), kept };
}

afterEach(() => localStorage.clear());

it("goes with the account, and leaves other tables alone", async () => {
  const sent = vi.fn();
  server.use(
    http.put("*/api/me/preferences", async ({ request }) => {
      sent(await request.json());
      return new Response(null, { status: 204 });
    }),
  );
  const { layouts } = stage({ theme: "dark", tables: { users: { order: ["b"] } } });
  layouts.write("channels", { shown: { models: false } });
  await vi.waitFor(() =>
    expect(sent).toHaveBeenCalledWith({
      theme: "dark",
      tables: { users: { order: ["b"] }, channels: { shown: { models: false } } },
    }),
  );
  expect(layouts.read("channels")).toEqual({ shown: { models: false } });
});

it("has the usual density until a table gets one of its own", () => {
  server.use(http.put("*/api/me/preferences", () => new Response(null, { status: 204 })));
  const { layouts, kept } = stage({ density: "compact" });
  expect(layouts.read("users")).toEqual({ density: "compact" });
  layouts.write("users", { density: "compact" });
  expect(kept()?.tables).toEqual({});
  layouts.write("users", { density: "relaxed" });
  expect(layouts.read("users")).toEqual({ density: "relaxed" });
});

it("keeps a layout on the device when the server cannot be reached", async () => {
  server.use(http.put("*/api/me/preferences", () => Response.error()));
  const { layouts } = stage({});
  layouts.write("users", { order: ["b", "a"] });
  expect(localLayouts.read("users")).toEqual({ order: ["b", "a"] });
});
