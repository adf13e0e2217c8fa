import { useId } from "react";
import { useTranslation } from "react-i18next";

import type { SettingView } from "@/api/types";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import { Textarea } from "@/components/ui/textarea";
import { SecretInput } from "@/form/secret-input";

interface Props {
  setting: SettingView;
  value: string;
  /** What was typed for a secret, if anything was. */
  secret: string | undefined;
  disabled: boolean;
  onChange: (value: string | undefined) => void;
}

/** The control that fits the kind of a setting. */
export function SettingControl(props: Props) {
  const { t } = useTranslation("settings");
  const { setting, value, disabled, onChange } = props;
  switch (setting.kind) {
    case "boolean":
      return (
        <Switch
          checked={value === "true"}
          disabled={disabled}
          onChange={(event) => onChange(String(event.target.checked))}
        />
      );
    case "choice":
      return (
        <Select
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value)}
        >
          {(setting.choices ?? [value]).map((choice) => (
            <option key={choice} value={choice} data-raw="">
              {choice}
            </option>
          ))}
        </Select>
      );
    case "secret":
      if (disabled) return <p className="text-fg-2">{setting.is_set ? t("set") : t("unset")}</p>;
      return (
        <SecretInput
          hint={undefined}
          isSet={setting.is_set}
          value={props.secret}
          onChange={onChange}
        />
      );
    case "json":
      return (
        <Textarea
          value={value}
          disabled={disabled}
          className="font-mono"
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case "time_zone":
      return <TimeZoneInput {...props} />;
    default:
      return (
        <Input
          value={value}
          disabled={disabled}
          inputMode={modes[setting.kind]}
          autoCapitalize="none"
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

const modes = { integer: "numeric", duration_ms: "numeric", url: "url", text: "text" } as const;

function TimeZoneInput({ value, disabled, onChange }: Props) {
  const id = useId();
  return (
    <>
      <Input
        value={value}
        disabled={disabled}
        list={id}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={id}>
        {Intl.supportedValuesOf("timeZone").map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
