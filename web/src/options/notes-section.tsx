import { useTranslation } from "react-i18next";

import { Textarea } from "@/components/ui/textarea";
import { ListInput } from "@/form/list-input";
import { Section } from "@/shell/page";
import { OptionField } from "./option-field";
import { useOptionsForm } from "./options-form";

/** What is for whoever runs the site. */
export function NotesSection() {
  const { t } = useTranslation("options");
  const { values, set } = useOptionsForm();
  return (
    <Section title={t("section.notes")}>
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
