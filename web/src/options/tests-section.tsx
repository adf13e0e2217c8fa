import { useTranslation } from "react-i18next";

import { bindingsOf } from "@/channels/channel";
import { useShownChannel } from "@/channels/channel-page";
import { Input } from "@/components/ui/input";
import { Section } from "@/shell/page";
import { OptionField } from "./option-field";
import { useOptionsForm } from "./options-form";

const modelList = "test-models";

/** What the channel is tested with, and when that happens by itself. */
export function TestsSection() {
  const { t } = useTranslation("options");
  const { values, set } = useOptionsForm();
  const { stored } = useShownChannel();
  return (
    <Section title={t("section.tests")}>
      <p className="text-fg-2">{t("section.tests_about")}</p>
      <OptionField name="test_model">
        <Input
          className="font-mono text-sm"
          autoCapitalize="none"
          list={modelList}
          value={values.test_model}
          onChange={(event) => set({ test_model: event.target.value })}
        />
      </OptionField>
      <datalist id={modelList}>
        {bindingsOf(stored.value).map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <OptionField name="test_every_minutes">
        <Input
          className="max-w-60"
          inputMode="numeric"
          value={values.test_every_minutes}
          onChange={(event) => set({ test_every_minutes: event.target.value })}
        />
      </OptionField>
      <OptionField name="probe_every_seconds">
        <Input
          className="max-w-60"
          inputMode="numeric"
          value={values.probe_every_seconds}
          onChange={(event) => set({ probe_every_seconds: event.target.value })}
        />
      </OptionField>
    </Section>
  );
}
