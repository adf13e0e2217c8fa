import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { NotificationRuleView, NotificationTargetView } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { ErrorState } from "@/components/ui/error-state";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { AppLink, linkLook } from "@/connect/app-link";
import { SaveBar } from "@/form/save-bar";
import { Section } from "@/shell/page";
import { type Owner, rulesQuery } from "./api";
import { draftOf, mistakeIn } from "./rule-draft";
import { RuleRow, thresholdId } from "./rule-row";
import { useMailState } from "./use-mail-state";
import { useRuleDrafts } from "./use-rule-drafts";
import { useRuleWords } from "./use-rule-words";

interface Props {
  owner: Owner;
  /** `undefined`: not known yet. */
  targets: readonly NotificationTargetView[] | undefined;
}

/** What is told, and where. */
export function RulesSection({ owner, targets }: Props) {
  const { t } = useTranslation("notifications");
  const { data, error, refetch } = useQuery(rulesQuery(owner));
  return (
    <Section title={t("rules.title")} about={t(`rules.about.${owner}`)}>
      {!data && error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-64 w-full" />}
      {data && <Rules owner={owner} rules={data.items} targets={targets} />}
    </Section>
  );
}

function Rules({ owner, rules, targets }: Props & { rules: readonly NotificationRuleView[] }) {
  const { t } = useTranslation("notifications");
  const drafts = useRuleDrafts(
    owner,
    targets?.map(({ id }) => id),
  );
  const words = useRuleWords(targets);
  const changed = rules.filter(({ event }) => event in drafts.drafts);
  const changes = changed.map((rule) => ({
    label: t(`event.${rule.event}`),
    before: words(rule, draftOf(rule)),
    after: words(rule, drafts.shown(rule)),
  }));
  const [problem] = Object.values(drafts.problems);
  function save() {
    const wrong = changed.find((rule) => mistakeIn(rule, drafts.shown(rule)) !== undefined);
    if (wrong) document.getElementById(thresholdId(wrong.event))?.focus();
    else void drafts.save(changed);
  }
  return (
    <>
      {rules.some(({ email }) => email !== undefined) && <MailNotice />}
      <ul
        aria-label={t("rules.title")}
        className="divide-y divide-line rounded-panel border border-line bg-surface"
      >
        {rules.map((rule) => (
          <RuleRow
            key={rule.event}
            rule={rule}
            draft={drafts.shown(rule)}
            isChanged={rule.event in drafts.drafts}
            targets={targets}
            problem={drafts.problems[rule.event]}
            onChange={(next) => drafts.change(rule, next)}
          />
        ))}
      </ul>
      <SaveBar
        changes={changes}
        saving={drafts.busy}
        onSave={save}
        onDiscard={drafts.discard}
        problem={<ProblemNotice error={problem} />}
      />
    </>
  );
}

/** Why nothing can come by e-mail, and the way to where that is mended. */
function MailNotice() {
  const { t } = useTranslation("notifications");
  const state = useMailState();
  if (state === "ready") return null;
  return (
    <Notice tone="info">
      {t(`mail.${state}`)}{" "}
      {state !== "no_mail" && (
        <AppLink href="/account#profile" className={linkLook}>
          {t(`mail.mend.${state}`)}
        </AppLink>
      )}
    </Notice>
  );
}
