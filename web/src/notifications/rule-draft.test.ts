import { describe, expect, it } from "vitest";
import type { NotificationRuleView } from "@/api/types";
import { ownRules, siteRules } from "./notifications-fixture";
import { changedBy, changeOf, draftOf, mistakeIn, withDraft } from "./rule-draft";

const own = ownRules()[0] as NotificationRuleView;
const site = siteRules()[0] as NotificationRuleView;

describe("the draft of a rule", () => {
  it("is no change while it is as the rule was, in whatever order", () => {
    const rule = { ...site, targets: ["nt_1", "nt_2"] };
    const changed = withDraft({}, rule, { ...draftOf(rule), enabled: false });
    expect(changed).toHaveProperty("error_rate_high.enabled", false);
    const same = { ...draftOf(rule), targets: ["nt_2", "nt_1"] };
    expect(withDraft(changed, rule, same)).toEqual({});
  });

  it("is told as the server wants it, without targets that are gone", () => {
    const draft = { ...draftOf(own), threshold: "2.50", targets: ["nt_1", "nt_0"] };
    expect(changeOf(own, draft, ["nt_1"])).toEqual({
      enabled: true,
      email: true,
      targets: ["nt_1"],
      threshold: 250,
    });
    expect(changeOf(own, draft, undefined).targets).toEqual(["nt_1", "nt_0"]);
  });

  it("says nothing of an e-mail or a threshold where there is none", () => {
    const [, plain] = siteRules() as [NotificationRuleView, NotificationRuleView];
    expect(changeOf(plain, draftOf(plain), [])).toEqual({ enabled: false, targets: [] });
  });

  it("waits with its mistakes while the rule is off, and keeps the number there was", () => {
    const draft = { ...draftOf(site), threshold: "101" };
    expect(mistakeIn(site, draft)).toBe("at_most:100");
    expect(mistakeIn(site, { ...draft, enabled: false })).toBeUndefined();
    expect(changeOf(site, { ...draft, enabled: false }, undefined).threshold).toBe(20);
  });

  it("becomes the rule once it is taken", () => {
    const change = { enabled: false, email: false, targets: ["nt_1"], threshold: 250 };
    expect(changedBy(own, change)).toEqual({
      ...own,
      enabled: false,
      email: false,
      targets: ["nt_1"],
      threshold: { ...own.threshold, value: 250 },
    });
  });
});
