import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { Input } from "@/components/ui/input";
import { useTimeZone } from "@/components/value/time-zone";
import { zoneName } from "@/filter/zone-time";
import { Choice } from "@/form/choice";
import { FormField } from "@/form/form-field";
import { ends, type FormDraft, starts } from "./draft";

/** From when on people see it, and until when. */
export function TimeFields() {
  const { t } = useTranslation("announcement_office");
  const { watch } = useFormContext<FormDraft>();
  const zone = zoneName(useTimeZone());
  const start = watch("start");
  return (
    <>
      <Choice
        name="start"
        label={t("form.start")}
        options={starts.map((value) => ({ value, label: t(`form.starts.${value}`) }))}
        help={t(`form.start_help.${start}`)}
      />
      {start === "at" && (
        <FormField name="publish_at" label={t("column.publishes")} help={t("form.zone", { zone })}>
          <Input type="datetime-local" />
        </FormField>
      )}
      <Choice
        name="end"
        label={t("form.end")}
        options={ends.map((value) => ({ value, label: t(`form.ends.${value}`) }))}
      />
      {watch("end") === "at" && (
        <FormField name="expires_at" label={t("column.expires")} help={t("form.zone", { zone })}>
          <Input type="datetime-local" />
        </FormField>
      )}
    </>
  );
}
