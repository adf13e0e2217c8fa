import { useTranslation } from "react-i18next";

import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { ListInput } from "@/form/list-input";
import { Section } from "@/shell/page";
import { ModelRulesField } from "./model-rules-field";
import { FlagOption, OptionField, OptionGroup } from "./option-field";
import { useOptionsForm } from "./options-form";

const paramsExample = `{
  "overrides": { "temperature": 0.2 },
  "operations": [
    {
      "mode": "set", "path": "top_p", "value": 0.9,
      "conditions": [{ "path": "original_model", "mode": "prefix", "value": "gpt" }]
    }
  ]
}`;

/** What becomes of the body of a request, in the order in which it is done. */
export function RequestSection() {
  const { t } = useTranslation("options");
  const { values, set } = useOptionsForm();
  return (
    <Section title={t("section.request")} about={t("section.request_about")}>
      <ModelRulesField />
      <SystemPrompt />
      <EffortSuffix />
      <BodyFilter />
      <OptionField name="params">
        <Textarea
          className="font-mono text-sm"
          rows={6}
          placeholder={paramsExample}
          value={values.params}
          onChange={(event) => set({ params: event.target.value })}
        />
      </OptionField>
      <details className="text-fg-2 text-sm">
        <summary className="min-h-6 w-fit">{t("params_example")}</summary>
        <pre className="overflow-x-auto rounded-panel bg-surface-2 p-2 font-mono text-xs">
          {paramsExample}
        </pre>
        <p>{t("params_modes")}</p>
      </details>
      <FlagOption name="pass_through_body" />
    </Section>
  );
}

function SystemPrompt() {
  const { t } = useTranslation("options");
  const { values, set, mistakeOf } = useOptionsForm();
  const { system_prompt: prompt } = values;
  const put = (change: Partial<typeof prompt>) => set({ system_prompt: { ...prompt, ...change } });
  return (
    <div className="space-y-2">
      <Field
        label={t("option.system_prompt.label")}
        help={t("option.system_prompt.help")}
        error={mistakeOf("system_prompt")}
      >
        <Textarea value={prompt.text} onChange={(event) => put({ text: event.target.value })} />
      </Field>
      {prompt.text.trim() !== "" && (
        <Field label={t("prompt_mode.label")}>
          <Select
            value={prompt.mode}
            onChange={(event) => put({ mode: event.currentTarget.value as typeof prompt.mode })}
          >
            <option value="inject_if_absent">{t("prompt_mode.inject_if_absent")}</option>
            <option value="prepend">{t("prompt_mode.prepend")}</option>
          </Select>
        </Field>
      )}
    </div>
  );
}

function EffortSuffix() {
  const { t } = useTranslation("options");
  const { values, set, mistakeOf } = useOptionsForm();
  const { effort_suffix: suffix } = values;
  const put = (change: Partial<typeof suffix>) => set({ effort_suffix: { ...suffix, ...change } });
  return (
    <div className="space-y-2">
      <Checkbox
        checked={suffix.on}
        onChange={(event) => put({ on: event.currentTarget.checked })}
        label={t("option.effort_suffix.label")}
        help={t("option.effort_suffix.help")}
      />
      {suffix.on && (
        <div className="grid gap-4 pl-6 sm:grid-cols-2">
          <Field
            label={t("effort.keep")}
            help={t("effort.keep_help")}
            error={mistakeOf("effort_suffix.keep")}
          >
            <ListInput value={suffix.keep} onChange={(keep) => put({ keep })} />
          </Field>
          <Field label={t("effort.messages")} help={t("effort.messages_help")}>
            <Select
              value={suffix.messages}
              onChange={(event) =>
                put({ messages: event.currentTarget.value as typeof suffix.messages })
              }
            >
              <option value="output_config" data-raw="">
                output_config.effort
              </option>
              <option value="thinking_budget" data-raw="">
                thinking.budget_tokens
              </option>
            </Select>
          </Field>
        </div>
      )}
    </div>
  );
}

function BodyFilter() {
  const { t } = useTranslation("options");
  const { values, set, mistakeOf } = useOptionsForm();
  const { body } = values;
  return (
    <OptionGroup name="body">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("body.allow")} help={t("body.allow_help")} error={mistakeOf("body.allow")}>
          <ListInput
            value={body.allow}
            placeholder="messages.*.content"
            onChange={(allow) => set({ body: { ...body, allow } })}
          />
        </Field>
        <Field label={t("body.deny")} help={t("body.deny_help")} error={mistakeOf("body.deny")}>
          <ListInput
            value={body.deny}
            placeholder="user"
            onChange={(deny) => set({ body: { ...body, deny } })}
          />
        </Field>
      </div>
    </OptionGroup>
  );
}
