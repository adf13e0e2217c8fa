import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ProblemNotice } from "@/components/problem-notice";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import { languageNames, languages } from "@/i18n";
import { isFlag, isText, usePreference } from "@/session/preferences";
import { useLanguage, useSavedTheme } from "@/shell/appearance";
import { themes } from "@/shell/theme";

const densities = ["compact", "default", "relaxed"] as const;
type Density = (typeof densities)[number];
const isDensity = (value: unknown): value is Density => densities.includes(value as Density);

/** Likings: saved as soon as they are chosen. */
export function PreferencesSection() {
  const { t } = useTranslation(["account", "shell"]);
  const [language, setLanguage] = useLanguage();
  const [theme, setTheme] = useSavedTheme();
  const [density, setDensity] = usePreference("density", isDensity, "default");
  const [zone, setZone] = usePreference("time_zone", isText, "browser");
  const [singleKeys, setSingleKeys] = usePreference("single_keys", isFlag, true);
  const [error, setError] = useState<unknown>();
  const save = (saving: Promise<void>) => {
    setError(undefined);
    saving.catch(setError);
  };
  return (
    <div className="max-w-120 space-y-5">
      <Choice
        label={t("shell:language")}
        value={language}
        options={languages.map((value) => ({ value, label: languageNames[value], lang: value }))}
        onChange={setLanguage}
      />
      <Choice
        label={t("shell:theme")}
        value={theme}
        options={themes.map((value) => ({ value, label: t(`shell:theme_${value}`) }))}
        onChange={setTheme}
      />
      <Choice
        label={t("account:preferences.density")}
        value={density}
        options={densities.map((value) => ({
          value,
          label: t(`account:preferences.density_${value}`),
        }))}
        onChange={(value) => save(setDensity(value))}
      />
      <Field
        label={t("account:preferences.zone")}
        help={t("account:preferences.zone_help")}
        className="max-w-80"
      >
        <Select value={zone} onChange={(event) => save(setZone(event.target.value))}>
          <option value="browser">
            {t("account:preferences.zone_browser", {
              zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
            })}
          </option>
          {["UTC", ...Intl.supportedValuesOf("timeZone").filter((one) => one !== "UTC")].map(
            (one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ),
          )}
        </Select>
      </Field>
      <div className="flex items-start gap-3">
        <Switch
          id="single-keys"
          aria-describedby="single-keys-help"
          checked={singleKeys}
          onChange={(event) => save(setSingleKeys(event.target.checked))}
        />
        <div>
          <label htmlFor="single-keys" className="font-medium text-sm">
            {t("account:preferences.keys")}
          </label>
          <p id="single-keys-help" className="text-fg-3 text-xs">
            {t("account:preferences.keys_help")}
          </p>
        </div>
      </div>
      <ProblemNotice error={error} />
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: { value: Value; label: string; lang?: string }[];
  onChange: (value: Value) => void;
}

function Choice<Value extends string>(props: ChoiceProps<Value>) {
  return (
    <div className="space-y-1">
      <p aria-hidden="true" className="font-medium text-sm">
        {props.label}
      </p>
      <Segmented {...props} />
    </div>
  );
}
