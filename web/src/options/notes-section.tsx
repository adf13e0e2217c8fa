import { useTranslation } from "react-i18next";

import { bindingsOf } from "@/channels/channel";
import { useShownChannel } from "@/channels/channel-page";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import { ListInput } from "@/form/list-input";
import { Section } from "@/shell/page";
import { OptionField } from "./option-field";
import { useOptionsForm } from "./options-form";

const modelList = "test-models";

/** What is for whoever runs the site. */
export function NotesSection() {
  const { t } = useTranslation("options");
  const { values, set } = useOptionsForm();
  const { stored } = useShownChannel();
  return (
    <Section title={t("section.notes")}>
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
      <OptionField name="tags">
        <ListInput value={values.tags} onChange={(tags) => set({ tags })} />
      </OptionField>
      <OptionField name="remark">
        <Textarea
          value={values.remark}
          maxLength={4096}
          onChange={(event) => set({ remark: event.target.value })}
        />
      </OptionField>
    </Section>
  );
}
