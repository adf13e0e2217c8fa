import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { Switch } from "@/components/ui/switch";
import { type Address, addressMistake, mostAddresses, newAddress } from "./addresses";

interface Props {
  value: readonly Address[];
  /** The address that is tried first. */
  first: string;
  onChange: (value: Address[]) => void;
}

/** Where the same API is as well: tried in turn when the first address fails. */
export function AddressesField({ value, first, onChange }: Props) {
  const { t } = useTranslation(["channels", "common"]);
  const change = (at: number, part: Partial<Address>) =>
    onChange(value.map((one, place) => (place === at ? { ...one, ...part } : one)));
  return (
    <fieldset className="space-y-3">
      <legend className="font-medium text-sm">{t("addresses.label")}</legend>
      <p className="text-fg-2 text-sm">{t("addresses.help")}</p>
      {value.map((one, at) => {
        const mistake = addressMistake(at, value, first);
        const number = at + 1;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an address being typed has nothing else.
          <div key={at} className="flex flex-wrap items-start gap-3">
            <div className="min-w-60 flex-1">
              <Field
                label={t("addresses.url", { number })}
                error={
                  mistake === "url"
                    ? t("common:rules.url")
                    : mistake === "taken"
                      ? t("addresses.taken")
                      : undefined
                }
              >
                <Input
                  inputMode="url"
                  className="font-mono text-sm"
                  value={one.base_url}
                  onChange={(event) => change(at, { base_url: event.target.value })}
                />
              </Field>
            </div>
            <div className="w-44">
              <Field
                label={t("addresses.priority_of", { number })}
                error={mistake === "priority" ? t("addresses.priority") : undefined}
              >
                <Input
                  inputMode="numeric"
                  value={one.priority}
                  onChange={(event) => change(at, { priority: event.target.value })}
                />
              </Field>
            </div>
            <span className="mt-6 flex h-8 items-center gap-2 pointer-coarse:h-10">
              <Switch
                aria-label={t("addresses.enable", { number })}
                checked={one.enabled}
                onChange={(event) => change(at, { enabled: event.currentTarget.checked })}
              />
              <IconButton
                size="sm"
                label={t("addresses.remove", { number })}
                icon={<Trash2 aria-hidden="true" />}
                onClick={() => onChange(value.filter((_, place) => place !== at))}
              />
            </span>
          </div>
        );
      })}
      <Button
        size="sm"
        disabledReason={value.length >= mostAddresses ? t("addresses.most") : undefined}
        onClick={() => onChange([...value, newAddress])}
      >
        <Plus aria-hidden="true" />
        {t("addresses.add")}
      </Button>
    </fieldset>
  );
}
