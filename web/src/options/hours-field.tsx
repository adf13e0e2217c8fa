import { useTranslation } from "react-i18next";

import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useTimeZone } from "@/components/value/time-zone";
import { RowsField } from "@/form/rows-field";
import { OptionGroup } from "./option-field";
import type { WindowRow } from "./options";
import { useOptionsForm } from "./options-form";

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** When calls are taken: windows of time in a zone. */
export function HoursField() {
  const { t } = useTranslation("options");
  const { values, set, mistakeOf } = useOptionsForm();
  const own = useTimeZone();
  const { hours } = values;
  const of = (at: number, field: keyof WindowRow) => mistakeOf(`hours.windows.${at}.${field}`);
  return (
    <OptionGroup name="hours">
      <RowsField
        label={t("hours.windows")}
        rows={hours.windows}
        onChange={(windows) =>
          // The zone of whoever looks is what they mean, until they say another.
          set({ hours: { zone: hours.zone || zoneOf(own), windows } })
        }
        fresh={{ days: [], from: "", to: "" } as WindowRow}
        nameOf={({ from, to }, at) => (from && to ? `${from}–${to}` : t("row", { number: at + 1 }))}
        add={t("hours.add")}
        render={(row, put, at) => (
          <div className="space-y-2">
            <div className="grid grid-cols-2 gap-2">
              <Field label={t("hours.from")} error={of(at, "from")}>
                <Input
                  placeholder="22:00"
                  value={row.from}
                  onChange={(event) => put({ from: event.target.value })}
                />
              </Field>
              <Field label={t("hours.to")} error={of(at, "to")}>
                <Input
                  placeholder="06:30"
                  value={row.to}
                  onChange={(event) => put({ to: event.target.value })}
                />
              </Field>
            </div>
            <fieldset>
              <legend className="sr-only">{t("hours.days")}</legend>
              <div className="flex flex-wrap gap-x-3">
                {days.map((day) => (
                  <Checkbox
                    key={day}
                    checked={row.days.includes(day)}
                    onChange={(event) =>
                      put({
                        days: event.currentTarget.checked
                          ? days.filter((one) => one === day || row.days.includes(one))
                          : row.days.filter((one) => one !== day),
                      })
                    }
                    label={t(`hours.day.${day}`)}
                  />
                ))}
              </div>
              {row.days.length === 0 && <p className="text-fg-3 text-xs">{t("hours.every_day")}</p>}
            </fieldset>
          </div>
        )}
      />
      {hours.windows.length > 0 && (
        <Field label={t("hours.zone")} help={t("hours.zone_help")} error={mistakeOf("hours.zone")}>
          <Input
            autoCapitalize="none"
            placeholder="Asia/Shanghai"
            value={hours.zone}
            onChange={(event) => set({ hours: { ...hours, zone: event.target.value } })}
          />
        </Field>
      )}
    </OptionGroup>
  );
}

const zoneOf = (chosen: string | undefined) =>
  chosen ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
