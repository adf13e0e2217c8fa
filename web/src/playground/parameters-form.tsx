import { useId } from "react";
import { useTranslation } from "react-i18next";

import type { TokenView, UserModel } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import { Textarea } from "@/components/ui/textarea";
import { type Effort, efforts } from "./conversation";
import { NumberField } from "./number-field";
import { ThreadFields } from "./thread-fields";
import { isToolsProblem, parseTools } from "./tools";
import { isUsable, type Playground } from "./use-playground";

const exampleTools = `[
  {
    "name": "get_weather",
    "description": "Current weather of a city",
    "parameters": {
      "type": "object",
      "properties": { "city": { "type": "string" } },
      "required": ["city"]
    }
  }
]`;

interface Props {
  play: Playground;
  models: readonly UserModel[];
  keys: readonly TokenView[];
}

/** Everything about the request that is not the conversation. */
export function ParametersForm({ play, models, keys }: Props) {
  const { t } = useTranslation("playground");
  const { parameters, change, unset } = play;
  const usable = keys.filter(isUsable);
  const streamId = useId();
  const hasBudget = play.threads.some(
    ({ dialect }) => dialect === "messages" || dialect === "gemini",
  );
  return (
    <form className="space-y-4" onSubmit={(event) => event.preventDefault()}>
      {usable.length === 0 && <Notice tone="warn">{t("form.no_key")}</Notice>}
      {models.length === 0 && <Notice tone="warn">{t("form.no_model")}</Notice>}
      <ThreadFields play={play} models={models} />
      <Field label={t("form.key")}>
        <Select
          value={play.keyId ?? ""}
          data-private=""
          onChange={(event) => play.chooseKey(event.target.value)}
        >
          {usable.map((key) => (
            <option key={key.id} value={key.id}>
              {`${key.name} (…${key.hint})`}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t("form.system")} optional>
        <Textarea
          value={parameters.system}
          onChange={(event) => change({ system: event.target.value })}
        />
      </Field>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(10rem,1fr))] gap-4">
        <NumberField
          label={t("form.temperature")}
          least={0}
          most={2}
          value={parameters.temperature}
          onChange={(value) =>
            value === undefined ? unset("temperature") : change({ temperature: value })
          }
        />
        <NumberField
          label={t("form.max_tokens")}
          least={1}
          most={1_000_000}
          isWhole
          value={parameters.max_tokens}
          onChange={(value) =>
            value === undefined ? unset("max_tokens") : change({ max_tokens: value })
          }
        />
      </div>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(10rem,1fr))] gap-4">
        <Field label={t("form.effort")}>
          <Select
            value={parameters.effort ?? ""}
            onChange={(event) => {
              const effort = efforts.find((one): one is Effort => one === event.target.value);
              if (effort) change({ effort });
              else unset("effort");
            }}
          >
            <option value="">{t("form.effort_none")}</option>
            {efforts.map((effort) => (
              <option key={effort} value={effort}>
                {t(`effort.${effort}`)}
              </option>
            ))}
          </Select>
        </Field>
        {hasBudget && (
          <NumberField
            label={t("form.thinking_budget")}
            help={t("form.thinking_budget_hint")}
            least={0}
            most={1_000_000}
            isWhole
            value={parameters.thinking_budget}
            onChange={(value) =>
              value === undefined ? unset("thinking_budget") : change({ thinking_budget: value })
            }
          />
        )}
      </div>
      <ToolsField text={parameters.tools} onChange={(tools) => change({ tools })} />
      <div className="flex items-center gap-2">
        <Switch
          id={streamId}
          checked={parameters.stream}
          onChange={(event) => change({ stream: event.target.checked })}
        />
        <label htmlFor={streamId}>{t("form.stream")}</label>
      </div>
    </form>
  );
}

function ToolsField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const { t } = useTranslation("playground");
  const tools = parseTools(text);
  return (
    <Field
      label={t("form.tools")}
      optional
      help={t("form.tools_hint")}
      {...(isToolsProblem(tools) && { error: t(`form.tools_${tools}`) })}
      {...(text === "" && {
        aside: (
          <Button size="sm" variant="ghost" onClick={() => onChange(exampleTools)}>
            {t("form.tools_example")}
          </Button>
        ),
      })}
    >
      <Textarea
        value={text}
        onChange={(event) => onChange(event.target.value)}
        className="font-mono text-sm"
      />
    </Field>
  );
}
