import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";

import { me } from "@/test/fixtures";
import { renderPart } from "@/test/render";
import { problem, server } from "@/test/server";
import type { ListSearch } from "./list-search";
import { type ListState, useLocalListState } from "./list-state";
import { SavedViews } from "./saved-views";
import { viewsOf } from "./views";

let state: ListState;

function Stage({ first }: { first: ListSearch }) {
  state = useLocalListState({ sort: "-at" }, first);
  return <SavedViews list="usage" state={state} />;
}

const slow = { name: "Slow", search: { f: "latency>5", s: "-duration" } };

it("keeps what the list shows now under a name, and brings it back", async () => {
  let kept: unknown;
  server.use(
    http.put("/api/me/preferences", async ({ request }) => {
      kept = await request.json();
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const first = { f: "status:429", t: "7d", at: "cursor", row: "req" };
  const { user } = renderPart(<Stage first={first} />, {
    me: me({ preferences: { views: { usage: [slow] } } }),
  });
  await user.click(await screen.findByRole("button", { name: "Saved views" }));
  await user.type(screen.getByRole("textbox", { name: "Name of this view" }), " Limits {Enter}");
  expect(await screen.findByRole("button", { name: "Limits" })).toHaveAttribute(
    "aria-current",
    "true",
  );
  const limits = { name: "Limits", search: { f: "status:429", t: "7d" } };
  expect(kept).toEqual({ views: { usage: [slow, limits] } });
  await user.click(screen.getByRole("button", { name: "Slow" }));
  expect(state.filter).toBe("latency>5");
  expect(state.sort).toBe("-duration");
  expect(state.row).toBeUndefined();
});

it("removes one, and puts it back with the reason when the server does not take it", async () => {
  server.use(http.put("/api/me/preferences", () => problem(503, "unavailable")));
  const { user } = renderPart(<Stage first={{}} />, {
    me: me({ preferences: { views: { usage: [slow] } } }),
  });
  await user.click(await screen.findByRole("button", { name: "Saved views" }));
  const panel = screen.getByRole("dialog", { name: "Saved views" });
  await user.click(within(panel).getByRole("button", { name: "Remove the view Slow" }));
  expect(await within(panel).findByRole("alert")).toBeInTheDocument();
  expect(await within(panel).findByRole("button", { name: "Slow" })).toBeInTheDocument();
});

it("drops what does not fit any more", () => {
  expect(viewsOf("rubbish")).toEqual([]);
  expect(viewsOf([{ name: 1 }, slow, { name: "x", search: { f: "a:b", zzz: "?" } }])).toEqual([
    slow,
    { name: "x", search: { f: "a:b" } },
  ]);
});
