import { useTranslation } from "react-i18next";

import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Section } from "@/shell/page";
import { HoursField } from "./hours-field";
import { ChoiceOption, FlagOption, OptionGroup } from "./option-field";
import { useOptionsForm } from "./options-form";

/** Failures that do not go away by waiting; the first is what counts when none is ticked. */
const causes = ["unauthorized", "exhausted", "no_such_path", "redirect"] as const;

/** When the channel takes calls, how long it goes on with one, and when it stops. */
export function LifeSection() {
  const { t } = useTranslation("options");
  return (
    <Section title={t("section.life")}>
      <HoursField />
      <FlagOption name="websocket" />
      <ChoiceOption
        name="on_disconnect"
        words={[
          { value: "cancel", label: t("choice.cancel") },
          { value: "drain", label: t("choice.drain") },
        ]}
      />
      <AutoDisable />
    </Section>
  );
}

function AutoDisable() {
  const { t } = useTranslation("options");
  const { values, set, mistakeOf } = useOptionsForm();
  const { auto_disable: disable } = values;
  const put = (change: Partial<typeof disable>) => set({ auto_disable: { ...disable, ...change } });
  return (
    <OptionGroup name="auto_disable" error={mistakeOf("auto_disable.causes")}>
      <Checkbox
        checked={disable.on}
        onChange={(event) => put({ on: event.currentTarget.checked })}
        label={t("auto_disable.on")}
      />
      {disable.on && (
        <div className="space-y-3 pl-6">
          <Field
            label={t("auto_disable.after")}
            className="max-w-60"
            error={mistakeOf("auto_disable.after")}
          >
            <Input
              inputMode="numeric"
              value={disable.after}
              onChange={(event) => put({ after: event.target.value })}
            />
          </Field>
          <fieldset>
            <legend className="font-medium text-sm">{t("auto_disable.causes")}</legend>
            <div className="flex flex-wrap gap-x-4">
              {causes.map((cause) => (
                <Checkbox
                  key={cause}
                  checked={disable.causes.includes(cause)}
                  onChange={(event) =>
                    put({
                      causes: event.currentTarget.checked
                        ? [...disable.causes, cause]
                        : disable.causes.filter((one) => one !== cause),
                    })
                  }
                  label={t(`auto_disable.cause.${cause}`)}
                />
              ))}
            </div>
            {disable.causes.length === 0 && (
              <p className="text-fg-3 text-xs">{t("auto_disable.causes_usual")}</p>
            )}
          </fieldset>
        </div>
      )}
    </OptionGroup>
  );
}
