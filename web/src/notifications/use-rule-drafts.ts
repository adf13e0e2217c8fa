import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { type ApiProblem, asProblem } from "@/api/problem";
import type { NotificationEvent, NotificationRuleView } from "@/api/types";
import { toast } from "@/components/toast";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import { notifications, type Owner, rulesQuery } from "./api";
import { changedBy, changeOf, type Drafts, draftOf, type RuleDraft, withDraft } from "./rule-draft";

type Problems = Readonly<Partial<Record<NotificationEvent, ApiProblem>>>;

/** What is changed and not saved, and its way to the server: rule by rule, and what is refused stays changed. */
export function useRuleDrafts(owner: Owner, known: readonly string[] | undefined) {
  const { t } = useTranslation("notifications");
  const queries = useQueryClient();
  const reauthenticated = useReauthenticated();
  const [drafts, setDrafts] = useState<Drafts>({});
  const [problems, setProblems] = useState<Problems>({});
  const [busy, setBusy] = useState(false);
  const { queryKey } = rulesQuery(owner);

  function keep(rule: NotificationRuleView) {
    queries.setQueryData(
      queryKey,
      (now) => now && { items: now.items.map((one) => (one.event === rule.event ? rule : one)) },
    );
    setDrafts(({ [rule.event]: _, ...rest }) => rest);
  }

  async function save(rules: readonly NotificationRuleView[]) {
    setBusy(true);
    setProblems({});
    const refused: Partial<Record<NotificationEvent, ApiProblem>> = {};
    for (const rule of rules) {
      const draft = drafts[rule.event];
      if (draft === undefined) continue;
      const change = changeOf(rule, draft, known);
      try {
        await reauthenticated(() => notifications.changeRule(owner, rule.event, change));
        keep(changedBy(rule, change));
      } catch (error) {
        if (error instanceof GivenUp) {
          setBusy(false);
          return;
        }
        refused[rule.event] = asProblem(error);
      }
    }
    setProblems(refused);
    setBusy(false);
    if (Object.keys(refused).length === 0) toast.done(t("rules.saved"));
    await queries.invalidateQueries({ queryKey });
  }

  return {
    busy,
    problems,
    drafts,
    shown: (rule: NotificationRuleView): RuleDraft => drafts[rule.event] ?? draftOf(rule),
    change: (rule: NotificationRuleView, next: RuleDraft) => {
      setProblems(({ [rule.event]: _, ...rest }) => rest);
      setDrafts((now) => withDraft(now, rule, next));
    },
    discard: () => {
      setProblems({});
      setDrafts({});
    },
    save,
  };
}
