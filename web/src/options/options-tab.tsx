import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { ChannelView } from "@/api/types";
import { useShownChannel } from "@/channels/channel-page";
import { EditBar } from "@/channels/edit-bar";
import { useChannelEdit } from "@/channels/use-channel-edit";
import { Button } from "@/components/ui/button";
import type { Change } from "@/form/save-bar";
import { useMay } from "@/session/use-me";
import { AnswerSection } from "./answer-section";
import { LifeSection } from "./life-section";
import { type Mistake, mistakesIn, optionOf, ownMistakes, stillTrue, type Told } from "./mistakes";
import { NotesSection } from "./notes-section";
import { draftOf, lineOf, type OptionsDraft, optionNames, optionsOf } from "./options";
import { OptionsFormContext, useMistakeWords } from "./options-form";
import { PolicySection } from "./policy-section";
import { RequestSection } from "./request-section";
import { Tester } from "./tester";
import { TestsSection } from "./tests-section";

const read = ({ options }: ChannelView): OptionsDraft => draftOf(options);

const write = (touched: Partial<OptionsDraft>, { options }: ChannelView) => ({
  options: optionsOf(options, touched),
});

/** What the channel does to the calls that go through it, and beside it what that makes of a request. */
export function OptionsTab() {
  const { t } = useTranslation("options");
  const { stored } = useShownChannel();
  const mayWrite = useMay("channels.write");
  const edit = useChannelEdit<OptionsDraft>(stored, read, write);
  const { values, set } = edit;
  const [sent, setSent] = useState<OptionsDraft>();
  const [refused, setRefused] = useState<Told>();
  const own = useMemo(() => ownMistakes(values), [values]);
  const said = useMemo(() => mistakesIn(edit.error), [edit.error]);
  const mistakes: readonly Mistake[] = [
    ...own,
    ...(sent ? stillTrue({ of: sent, mistakes: said }, values) : []),
    ...(refused ? stillTrue(refused, values) : []),
  ];
  const words = useMistakeWords();
  const first = own[0];
  const name = first && optionOf(first.field);
  const mistake = first && name && `${t(`option.${name}.label`)}: ${words(first.message)}`;
  const form = useRef<HTMLFieldSetElement>(null);
  const trial = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (said.length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [said]);
  const save = async () => {
    setRefused(undefined);
    setSent(values);
    await edit.save();
  };
  return (
    <OptionsFormContext value={{ values, set, mistakes }}>
      <div className="grid gap-x-8 gap-y-8 xl:grid-cols-2">
        <div className="min-w-0">
          <div className="mb-6 space-y-2">
            <p className="text-fg-2">{t("about")}</p>
            {/* Where the trial stands below the form, it is a long way. */}
            <Button size="sm" className="xl:hidden" onClick={() => goTo(trial.current)}>
              {t("tester.title")}
            </Button>
          </div>
          <fieldset ref={form} disabled={!mayWrite} className="min-w-0 space-y-8">
            <RequestSection />
            <PolicySection />
            <AnswerSection />
            <LifeSection />
            <TestsSection />
            <NotesSection />
          </fieldset>
          <EditBar
            edit={{ ...edit, save }}
            differences={useDifferences()}
            {...(mistake !== undefined && { mistake })}
          />
        </div>
        <Tester
          ref={trial}
          channel={stored.value}
          draft={values}
          options={() => (own.length > 0 ? undefined : optionsOf(stored.value.options, values))}
          onRefused={(found) => setRefused({ of: values, mistakes: found })}
        />
      </div>
    </OptionsFormContext>
  );
}

function goTo(part: HTMLElement | null) {
  part?.scrollIntoView();
  part?.querySelector<HTMLElement>("select")?.focus({ preventScroll: true });
}

function useDifferences(): (before: OptionsDraft, after: OptionsDraft) => Change[] {
  const { t } = useTranslation(["options", "common"]);
  // What cannot be written yet, such as half a JSON, differs by its text.
  const shown = (name: (typeof optionNames)[number], draft: OptionsDraft) =>
    lineOf(name, draft[name]) || t("common:none");
  return (before, after) =>
    optionNames.flatMap((name): Change[] => {
      const change = { before: shown(name, before), after: shown(name, after) };
      return change.before === change.after
        ? []
        : [{ label: t(`options:option.${name}.label`), ...change }];
    });
}
