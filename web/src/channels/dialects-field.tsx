import { useTranslation } from "react-i18next";

import type { ChannelKind, Dialect } from "@/api/types";
import { dialects } from "@/api/words";
import { Checkbox } from "@/components/ui/checkbox";
import { usualDialects } from "./channel";

/** What a channel speaks; nothing ticked means what its kind usually does. */
export function DialectsField(props: {
  kind: ChannelKind;
  value: readonly Dialect[];
  onChange: (dialects: Dialect[]) => void;
}) {
  const { t } = useTranslation(["channels", "trace"]);
  const { kind, value, onChange } = props;
  const usual = usualDialects[kind];
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">{t("channels:field.dialects")}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {dialects.map((dialect) => (
          <Checkbox
            key={dialect}
            checked={value.includes(dialect)}
            onChange={(event) =>
              onChange(
                event.currentTarget.checked
                  ? dialects.filter((one) => one === dialect || value.includes(one))
                  : value.filter((one) => one !== dialect),
              )
            }
            label={t(`trace:dialect.${dialect}`)}
          />
        ))}
      </div>
      <p className="text-fg-3 text-xs">
        {value.length === 0
          ? t("channels:dialects_usual", {
              dialects: usual.map((one) => t(`trace:dialect.${one}`)).join(", "),
            })
          : t("channels:dialects_help")}
      </p>
    </fieldset>
  );
}
