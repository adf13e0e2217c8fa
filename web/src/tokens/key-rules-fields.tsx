import { useController, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";

import type { Dialect } from "@/api/types";
import { dialects, lossPolicies } from "@/api/words";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { useTimeZone } from "@/components/value/time-zone";
import { instantOf, zoneName } from "@/filter/zone-time";
import { FormField } from "@/form/form-field";
import { FormList } from "@/form/form-list";
import { spanUnits } from "@/format/span";
import { clientSuggestions, clientWord } from "./client-words";
import { isModelPattern } from "./key-rules";
import { isNetwork, tidyNetwork } from "./network";

/** What a key is good for: the part of the form around it that is called `rules`. */
export function KeyRulesFields({ models }: { models: readonly string[] }) {
  const { t } = useTranslation("tokens");
  return (
    <div className="space-y-4">
      <p className="text-fg-2 text-sm">{t("rules.about")}</p>
      <FormList
        name="rules.models"
        label={t("rules.models")}
        help={t("rules.models_help")}
        placeholder={t("rules.all_models")}
        suggestions={models.map((value) => ({ value }))}
        check={(item) => (isModelPattern(item) ? undefined : t("rules.no_model"))}
      />
      <Dialects />
      <FormList
        name="rules.clients"
        label={t("rules.clients")}
        help={t("rules.clients_help")}
        placeholder={t("rules.all_clients")}
        suggestions={clientSuggestions}
        tidy={clientWord}
      />
      <FormList
        name="rules.addresses"
        label={t("rules.addresses")}
        help={t("rules.addresses_help")}
        placeholder={t("rules.all_addresses")}
        tidy={tidyNetwork}
        check={(item) => (isNetwork(item) ? undefined : t("rules.no_network", { item }))}
      />
      <End />
      <FormField name="rules.losses" label={t("rules.losses")} help={t("rules.losses_help")}>
        <Select>
          {lossPolicies.map((policy) => (
            <option key={policy} value={policy}>
              {t(`rules.loss.${policy}`)}
            </option>
          ))}
        </Select>
      </FormField>
    </div>
  );
}

function Dialects() {
  const { t } = useTranslation(["tokens", "trace"]);
  const { field } = useController({ name: "rules.dialects" });
  const value = field.value as readonly Dialect[];
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">{t("tokens:rules.dialects")}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {dialects.map((dialect) => (
          <Checkbox
            key={dialect}
            checked={value.includes(dialect)}
            onChange={({ currentTarget }) =>
              field.onChange(
                dialects.filter((one) =>
                  one === dialect ? currentTarget.checked : value.includes(one),
                ),
              )
            }
            label={t(`trace:dialect.${dialect}`)}
          />
        ))}
      </div>
      <p className="text-fg-3 text-xs">{t("tokens:rules.dialects_help")}</p>
    </fieldset>
  );
}

/** When it ends: at a time, or so long after its first call; of both the sooner. */
function End() {
  const { t } = useTranslation("tokens");
  const zone = useTimeZone();
  const ends = instantOf(String(useWatch({ name: "rules.ends" }) ?? ""), zone);
  const isPast = ends !== undefined && Date.parse(ends) <= Date.now();
  return (
    <fieldset className="space-y-1">
      <legend className="sr-only">{t("rules.end")}</legend>
      <div className="grid gap-4 sm:grid-cols-2">
        <FormField
          name="rules.ends"
          label={t("rules.ends")}
          help={
            isPast ? (
              <span className="text-warn">{t("rules.is_past")}</span>
            ) : (
              t("rules.ends_help", { zone: zoneName(zone) })
            )
          }
        >
          <Input type="datetime-local" />
        </FormField>
        <div className="grid grid-cols-[minmax(0,1fr)_7rem] gap-2">
          <FormField name="rules.lasts" label={t("rules.lasts")} help={t("rules.lasts_help")}>
            <Input
              inputMode="numeric"
              className="num"
              maxLength={10}
              placeholder={t("rules.never")}
            />
          </FormField>
          <FormField name="rules.unit" label={t("rules.unit")}>
            <Select>
              {spanUnits.map((unit) => (
                <option key={unit} value={unit}>
                  {t(`rules.units.${unit}`)}
                </option>
              ))}
            </Select>
          </FormField>
        </div>
      </div>
    </fieldset>
  );
}
