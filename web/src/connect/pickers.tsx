import { useId } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import { families } from "./templates/recipe";
import { keyPlaceholder, shells } from "./templates/target";
import { templates } from "./templates/templates";
import type { Choice, UsableKey } from "./use-choice";

interface Props {
  choice: Choice;
  keys: readonly UsableKey[];
  masked: boolean;
  onMask: (masked: boolean) => void;
  canReveal: boolean;
}

/** Client, key, model and shell. */
export function Pickers({ choice, keys, masked, onMask, canReveal }: Props) {
  const { t } = useTranslation("connect");
  const maskId = useId();
  return (
    <div className="space-y-4">
      <div className="grid gap-4 md:grid-cols-3">
        <Field label={t("picker.client")}>
          <Select
            value={choice.template.id}
            onChange={(event) => choice.chooseClient(event.target.value)}
          >
            {families.map((family) => (
              <optgroup key={family} label={t(`family.${family}`)}>
                {templates
                  .filter((template) => template.family === family)
                  .map((template) => (
                    <option key={template.id} value={template.id}>
                      {template.name}
                    </option>
                  ))}
              </optgroup>
            ))}
          </Select>
        </Field>
        <Field label={t("picker.key")} help={<KeyHelp choice={choice} keys={keys} />}>
          <Select
            value={choice.keyId ?? ""}
            onChange={(event) => choice.chooseKey(event.target.value || undefined)}
          >
            <option value="">{t("picker.placeholder")}</option>
            {keys
              .filter((key) => key.status === "active")
              .map((key) => (
                <option key={key.id} value={key.id}>
                  {`${key.name} (…${key.hint})`}
                </option>
              ))}
          </Select>
        </Field>
        {choice.usable.length > 0 && (
          <Field label={t("picker.model")}>
            <Select
              value={choice.model ?? ""}
              onChange={(event) => choice.chooseModel(event.target.value)}
            >
              {choice.usable.map((model) => (
                <option key={model.name} value={model.name}>
                  {model.name}
                </option>
              ))}
            </Select>
          </Field>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        {choice.template.usesShell && (
          <Segmented
            className="relative min-w-0"
            label={t("picker.os")}
            options={shells.map((os) => ({ value: os, label: t(`os.${os}`) }))}
            value={choice.os}
            onChange={choice.chooseOs}
          />
        )}
        {canReveal && !choice.isKnown && isRevealable(choice, keys) && (
          <Button size="sm" loading={choice.revealing} onClick={choice.reveal}>
            {t("picker.reveal")}
          </Button>
        )}
        {choice.isKnown && (
          <div className="flex items-center gap-2 text-sm">
            <Switch
              id={maskId}
              checked={masked}
              onChange={(event) => onMask(event.target.checked)}
            />
            <label htmlFor={maskId}>{t("picker.mask")}</label>
          </div>
        )}
      </div>
      <MoreModels choice={choice} />
    </div>
  );
}

const isRevealable = (choice: Choice, keys: readonly UsableKey[]) =>
  keys.some((key) => key.id === choice.keyId && key.revealable);

function KeyHelp({ choice, keys }: { choice: Choice; keys: readonly UsableKey[] }) {
  const { t } = useTranslation("connect");
  if (choice.revealFailed) return <span role="alert">{t("picker.reveal_failed")}</span>;
  if (choice.isKnown) return <>{t("picker.masked_hint")}</>;
  if (choice.keyId !== undefined && !isRevealable(choice, keys))
    return <>{t("picker.not_revealable", { placeholder: keyPlaceholder })}</>;
  return null;
}

/** Further models, for clients whose file lists several. */
function MoreModels({ choice }: { choice: Choice }) {
  const { t } = useTranslation("connect");
  const others = choice.usable.filter((model) => model.name !== choice.model);
  if (others.length === 0 || choice.template.family === "sdks" || choice.template.id === "curl")
    return null;
  return (
    <details className="text-sm">
      <summary className="w-fit cursor-pointer rounded-badge text-fg-2 hover:text-fg">
        {t("picker.more_models")}
      </summary>
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1">
        {others.map((model) => (
          <li key={model.name}>
            <label className="flex min-h-7 items-center gap-1.5 font-mono">
              <input
                type="checkbox"
                className="accent-primary"
                checked={choice.more.includes(model.name)}
                onChange={(event) =>
                  choice.chooseMore(
                    event.target.checked
                      ? [...choice.more, model.name]
                      : choice.more.filter((name) => name !== model.name),
                  )
                }
              />
              {model.name}
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
