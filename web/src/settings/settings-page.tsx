import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { type ApiProblem, asProblem } from "@/api/problem";
import type { SettingsView, SettingView } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { useMistakeText } from "@/components/problem-text";
import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { useRuleText } from "@/form/rule-text";
import { type Change, SaveBar } from "@/form/save-bar";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import { useMay } from "@/session/use-me";
import { Page, Section } from "@/shell/page";
import { ConfigList } from "./config-list";
import { changeOf, type Draft, isSecret, mistakeIn, shownValue } from "./draft";
import { settings, settingsQuery } from "./queries";
import { SettingRow } from "./setting-row";
import { useSettingText } from "./setting-text";
import { TestMail } from "./test-mail";

const sections = ["site", "features", "sign_up", "log_in", "mail", "routing", "usage"] as const;

/** Every setting of the site: what it is, where it comes from, and a way to change it. */
export function SettingsPage() {
  const { t } = useTranslation("settings");
  const { data, error, refetch } = useQuery(settingsQuery);
  return (
    <Page title={t("title")} about={t("about")} width="form">
      {!data && error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-64 w-full" />}
      {data && <Settings all={data} />}
    </Page>
  );
}

function Settings({ all }: { all: SettingsView }) {
  const { t } = useTranslation("settings");
  const text = useSettingText();
  const mayWrite = useMay("settings.write");
  const [words, setWords] = useState("");
  const { draft, setDraft, ...saving } = useDraft();
  const mistakes = useMistakes(all.items, draft, saving.problem);
  const shown = all.items.filter((setting) => matches(setting, text(setting), words));
  const parts = sections.flatMap((section) => {
    const items = shown.filter((setting) => setting.section === section);
    return items.length > 0 ? [{ section, items }] : [];
  });
  const changes = all.items.flatMap((setting): Change[] =>
    setting.key in draft ? [changeTo(setting, text(setting).name)] : [],
  );
  function changeTo(setting: SettingView, label: string): Change {
    if (isSecret(setting)) {
      const after = draft[setting.key] === null ? t("unset") : t("new_secret");
      return { label, before: setting.is_set ? t("set") : t("unset"), after };
    }
    return { label, before: shownAs(setting.value), after: shownAs(shownValue(draft, setting)) };
  }
  return (
    <>
      {!mayWrite && <Notice tone="info">{t("read_only")}</Notice>}
      <search>
        <Input
          type="search"
          aria-label={t("search")}
          placeholder={t("search")}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          className="max-w-96"
        />
      </search>
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-[10rem_minmax(0,1fr)]">
        <nav aria-label={t("sections")} className="min-w-0">
          <ul className="sticky top-4 flex gap-1 overflow-x-auto lg:flex-col">
            {[...parts.map(({ section }) => section), "config" as const].map((section) => (
              <li key={section} className="shrink-0">
                <a
                  href={`#${section}`}
                  className="touch-target flex min-h-8 items-center rounded-control px-2 text-fg-2 hover:bg-surface-2 hover:text-fg"
                >
                  {t(`section.${section}`)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="min-w-0 space-y-10">
          {parts.map(({ section, items }) => (
            <Section key={section} id={section} title={t(`section.${section}`)}>
              <div className="divide-y divide-line">
                {items.map((setting) => (
                  <SettingRow
                    key={`${setting.key} ${saving.saves}`}
                    setting={setting}
                    draft={draft}
                    mayWrite={mayWrite}
                    mistake={mistakes.get(setting.key)}
                    onDraft={setDraft}
                  />
                ))}
                {section === "mail" && mayWrite && words === "" && (
                  <TestMail
                    disabledReason={changes.length > 0 ? t("test_mail.save_first") : undefined}
                  />
                )}
              </div>
            </Section>
          ))}
          {parts.length === 0 && <Empty title={t("none", { words })} />}
          {words === "" && <ConfigList lines={all.config} />}
        </div>
      </div>
      <SaveBar
        changes={changes}
        saving={saving.busy}
        onSave={() => {
          if (mistakes.size === 0 || saving.problem) void saving.save();
          else document.getElementById([...mistakes.keys()][0] ?? "")?.focus();
        }}
        onDiscard={() => setDraft({})}
        problem={<ProblemNotice error={saving.problem} />}
      />
    </>
  );
}

const shownAs = (value: string) => (value === "" ? "–" : value);

/** By every word: name, key, help, environment variable. */
function matches(
  { key, about, env = "" }: SettingView,
  { name, help }: { name: string; help: string },
  words: string,
): boolean {
  const text = `${key} ${about} ${env} ${name} ${help}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** What is changed and not saved, and its way to the server: all of it or nothing. */
function useDraft() {
  const queries = useQueryClient();
  const known = useReauthenticated();
  const [draft, setDraft] = useState<Draft>({});
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const [saves, setSaves] = useState(0);
  const put = (next: Draft) => {
    setProblem(undefined);
    // Controls that keep something of their own, such as a typed secret, begin anew.
    if (Object.keys(next).length === 0) setSaves((count) => count + 1);
    setDraft(next);
  };
  return {
    draft,
    setDraft: put,
    busy,
    problem,
    saves,
    save: async () => {
      setBusy(true);
      setProblem(undefined);
      try {
        await known(() => settings.save(queries, changeOf(draft)));
        put({});
      } catch (error) {
        if (!(error instanceof GivenUp)) setProblem(asProblem(error));
      } finally {
        setBusy(false);
      }
    },
  };
}

/** What is wrong, by key: found here, or by the server in what was sent last. */
function useMistakes(
  items: readonly SettingView[],
  draft: Draft,
  problem: ApiProblem | undefined,
): ReadonlyMap<string, string> {
  const ruleText = useRuleText();
  const mistakeText = useMistakeText();
  const mistakes = new Map<string, string>();
  for (const setting of items) {
    const value = draft[setting.key];
    const rule = value == null ? undefined : ruleText(mistakeIn(setting, value));
    if (rule !== undefined) mistakes.set(setting.key, rule);
  }
  for (const { pointer, code, detail } of problem?.fields ?? []) {
    const key = pointer.split("/").at(-1) ?? "";
    if (key in draft) mistakes.set(key, mistakeText(code, detail));
  }
  return mistakes;
}
