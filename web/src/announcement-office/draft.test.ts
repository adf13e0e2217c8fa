import { describe, expect, it } from "vitest";

import { copyOf, draftOf, formDraftOf } from "./draft";
import { announcement } from "./office-fixture";

describe("an announcement in a form", () => {
  it("comes back as it was, with the seconds the form does not show", () => {
    const view = announcement({
      user_groups: ["vip"],
      publish_at: "2026-11-24T08:00:31Z",
      expires_at: "2026-12-24T08:00:59Z",
    });
    expect(draftOf(formDraftOf(view, "Asia/Shanghai"), view, "Asia/Shanghai")).toEqual({
      severity: "info",
      pinned: false,
      must_acknowledge: false,
      user_groups: ["vip"],
      texts: view.texts,
      publish_at: "2026-11-24T08:00:31Z",
      expires_at: "2026-12-24T08:00:59Z",
    });
  });

  it("takes times by the clock of whoever writes", () => {
    const values = { ...formDraftOf(undefined), start: "at", end: "at" } as const;
    const typed = { ...values, publish_at: "2026-12-01T08:00", expires_at: "2026-12-02T08:00" };
    expect(draftOf(typed, undefined, "Asia/Shanghai")).toMatchObject({
      publish_at: "2026-12-01T00:00:00.000Z",
      expires_at: "2026-12-02T00:00:00.000Z",
    });
  });

  it("is published now by the clock of the server", () => {
    const values = { ...formDraftOf(undefined), start: "now" } as const;
    expect(draftOf(values, undefined)).toMatchObject({ publish_at: "now" });
  });

  it("leaves out what was chosen against", () => {
    const values = formDraftOf(announcement({ user_groups: ["vip"] }));
    const typed = { ...values, audience: "everyone", start: "draft", end: "never" } as const;
    const sent = draftOf(typed, undefined);
    expect(sent.user_groups).toEqual([]);
    expect(sent).not.toHaveProperty("publish_at");
    expect(sent).not.toHaveProperty("expires_at");
  });
});

it("a copy is a draft without times", () => {
  const copy = copyOf(announcement({ expires_at: "2026-12-24T08:00:00Z" }));
  expect(copy).not.toHaveProperty("publish_at");
  expect(copy).not.toHaveProperty("expires_at");
  expect(copy).not.toHaveProperty("id");
});
