import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { problem } from "@/test/server";
import { failed, openNotifications, sent } from "./notifications-fixture";

const base = "/api/admin/notifications";
const row = async (name: RegExp) =>
  within(await screen.findByRole("grid", { name: "All that was sent" })).findByRole("row", {
    name,
  });

describe("the history", () => {
  it("tells what went where, and what became of it", async () => {
    const own = sent({ id: "no_3", title: "Own", target: { kind: "email" } });
    const gone = sent({ id: "no_4", title: "Gone", target: { id: "nt_9" } });
    openNotifications({ history: [sent(), failed(), own, gone] });
    const first = await row(/12 of 40/);
    for (const word of ["Sent", "Many calls fail", "Pager", "24 Nov"]) {
      expect(first).toHaveTextContent(word);
    }
    const second = await row(/Channel main rests/);
    for (const word of ["Failed", "8", "status 500"]) expect(second).toHaveTextContent(word);
    expect(await row(/Own/)).toHaveTextContent(/Your e-mail address/);
    expect(await row(/Gone/)).toHaveTextContent("A target that was deleted");
  });

  it("opens to the text as it was sent, hostile or not", async () => {
    const { user } = openNotifications({ history: [sent({ text: "<b>1</b>\nsecond line" })] });
    await user.click(await row(/12 of 40/));
    const sheet = within(await screen.findByRole("dialog", { name: "12 of 40 calls failed" }));
    expect(sheet.getByText(/<b>1<\/b>/)).toHaveTextContent("second line");
    expect(sheet.queryByRole("button", { name: "Try again" })).toBeNull();
  });

  it("has one that failed tried again", async () => {
    const { calls, user } = openNotifications({ history: [failed()], path: "?row=no_2" });
    const sheet = within(await screen.findByRole("dialog", { name: "Channel main rests" }));
    expect(sheet.getByText("status 500")).toBeVisible();
    await user.click(sheet.getByRole("button", { name: "Try again" }));
    expect(await sheet.findByText("Waiting")).toBeVisible();
    expect(calls).toEqual([{ what: `POST ${base}/no_2/retry` }]);
    expect(sheet.queryByRole("button", { name: "Try again" })).toBeNull();
  });

  it("says why one could not be tried again", async () => {
    const refused = http.post(`${base}/:id/retry`, () => problem(409, "conflict"));
    const { user } = openNotifications({ history: [failed()], first: [refused] });
    const actions = within(await row(/Channel main/)).getByRole("button", { name: /^Actions/ });
    await user.click(actions);
    await user.click(await screen.findByRole("menuitem", { name: "Try again" }));
    expect(await screen.findByText(/^Channel main rests: This clashes/)).toBeVisible();
  });

  it("comes page by page", async () => {
    const asked: string[] = [];
    const paged = http.get(base, ({ request }) => {
      const { searchParams } = new URL(request.url);
      asked.push(searchParams.toString());
      return HttpResponse.json(
        searchParams.has("cursor") ? { items: [failed()] } : { items: [sent()], next: "next page" },
      );
    });
    const { user } = openNotifications({ first: [paged] });
    await row(/12 of 40/);
    await user.click(screen.getByRole("button", { name: "Load more" }));
    expect(await row(/Channel main/)).toBeVisible();
    expect(asked).toEqual(["limit=50", "limit=50&cursor=next+page"]);
    await waitFor(() => expect(screen.queryByRole("button", { name: "Load more" })).toBeNull());
  });

  it("says in place what it is where nothing was sent, and when it cannot be had", async () => {
    const { unmount } = openNotifications({ history: [] });
    expect(await screen.findByText("Nothing was sent yet")).toBeVisible();
    unmount();
    openNotifications({ first: [http.get(base, () => problem(503, "unavailable"))] });
    const region = within(await screen.findByRole("region", { name: "History" }));
    expect(await region.findByRole("button", { name: "Try again" })).toBeVisible();
  });
});
