import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
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
import { type SettingsSearch, type Section as SettingsSection, sections } from "./section";
import { SectionList } from "./section-list";
import { SettingRow } from "./setting-row";
import { useConfigText, useSettingText } from "./setting-text";
import { TestMail } from "./test-mail";

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
  const configText = useConfigText();
  const mayWrite = useMay("settings.write");
  const [words, setWords] = useState("");
  const { section, open } = useSection();
  const { draft, setDraft, ...saving } = useDraft();
  const mistakes = useMistakes(all.items, draft, saving.problem);
  const isSearch = words.trim() !== "";
  const parts = partsOf(all, (setting) =>
    isSearch ? matches(setting, text(setting), words) : setting.section === section,
  );
  const lines = isSearch
    ? all.config.filter((line) =>
        holds(`${line.name} ${line.env} ${configText(line).about}`, words),
      )
    : section === "config"
      ? all.config
      : [];
  const changed = all.items.filter(({ key }) => key in draft);
  const changes = changed.map((setting) => changeTo(setting, text(setting).name));
  function changeTo(setting: SettingView, label: string): Change {
    if (isSecret(setting)) {
      const after = draft[setting.key] === null ? t("unset") : t("new_secret");
      return { label, before: setting.is_set ? t("set") : t("unset"), after };
    }
    return { label, before: shownAs(setting.value), after: shownAs(shownValue(draft, setting)) };
  }
  /** To the first setting that cannot be saved as it is, wherever it is. */
  function goToMistake() {
    const first = all.items.find(({ key }) => mistakes.has(key));
    if (!first) return;
    setWords("");
    if (first.section !== section) open(first.section);
    // The field is there after the section was drawn.
    requestAnimationFrame(() => document.getElementById(first.key)?.focus());
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
        <SectionList
          all={all}
          shown={isSearch ? undefined : section}
          changed={changed}
          onOpen={() => setWords("")}
        />
        <div className="min-w-0 space-y-10">
          {parts.map((part) => (
            <Section key={part.section} id={part.section} title={t(`section.${part.section}`)}>
              <div className="divide-y divide-line">
                {part.items.map((setting) => (
                  <SettingRow
                    key={`${setting.key} ${saving.saves}`}
                    setting={setting}
                    draft={draft}
                    mayWrite={mayWrite}
                    mistake={mistakes.get(setting.key)}
                    onDraft={setDraft}
                  />
                ))}
                {part.section === "mail" && mayWrite && !isSearch && (
                  <TestMail
                    disabledReason={changes.length > 0 ? t("test_mail.save_first") : undefined}
                  />
                )}
              </div>
            </Section>
          ))}
          <ConfigList lines={lines} />
          {parts.length === 0 && lines.length === 0 && <Empty title={t("none", { words })} />}
        </div>
      </div>
      <SaveBar
        changes={changes}
        saving={saving.busy}
        onSave={() => {
          if (mistakes.size === 0 || saving.problem) void saving.save();
          else goToMistake();
        }}
        onDiscard={saving.discard}
        problem={<ProblemNotice error={saving.problem} />}
      />
    </>
  );
}

/** The section in the address, the first one where it names none. */
function useSection() {
  const search: SettingsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  return {
    section: search.section ?? sections[0],
    open: (section: SettingsSection) =>
      void navigate({ to: "/admin/settings", search: { section }, resetScroll: false }),
  };
}

/** The settings that are meant, in the order of their sections. */
function partsOf({ items }: SettingsView, isMeant: (setting: SettingView) => boolean) {
  return sections.flatMap((section) => {
    const own = items.filter((setting) => setting.section === section && isMeant(setting));
    return own.length > 0 ? [{ section, items: own }] : [];
  });
}

const shownAs = (value: string) => (value === "" ? "–" : value);

/** By every word: name, key, help, environment variable. */
const matches = (
  { key, about, env = "" }: SettingView,
  { name, help }: { name: string; help: string },
  words: string,
) => holds(`${key} ${about} ${env} ${name} ${help}`, words);

function holds(text: string, words: string): boolean {
  const all = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** What is changed and not saved, and its way to the server: all of it or nothing. */
function useDraft() {
  const queries = useQueryClient();
  const known = useReauthenticated();
  const [draft, setDraft] = useState<Draft>({});
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const [saves, setSaves] = useState(0);
  const change = (next: Draft) => {
    setProblem(undefined);
    setDraft(next);
  };
  /** Controls that keep something of their own, such as a typed secret, begin anew too. */
  const begin = () => {
    change({});
    setSaves((count) => count + 1);
  };
  return {
    draft,
    setDraft: change,
    discard: begin,
    busy,
    problem,
    saves,
    save: async () => {
      setBusy(true);
      setProblem(undefined);
      try {
        await known(() => settings.save(queries, changeOf(draft)));
        begin();
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
