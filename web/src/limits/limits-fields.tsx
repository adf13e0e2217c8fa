import type { ComponentProps } from "react";
import { get, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useRuleText } from "@/form/rule-text";
import { type LimitKind, type LimitsDraft, limitKinds, limitMistakesOf } from "./limits";

/** Whose limits they are: it decides what being at one means. */
export type LimitOwner = "key" | "user" | "channel" | "credential";

interface Control {
  /** What is wrong, as a message of `common:rules`. */
  mistake: string | undefined;
  input: ComponentProps<typeof Input>;
}

/** The limits of the form around them. */
export function FormLimits({ name, owner }: { name: string; owner: LimitOwner }) {
  const { register, formState } = useFormContext();
  return (
    <Fields
      owner={owner}
      controlOf={(kind) => {
        const path = `${name}.${kind}`;
        const { message } = (get(formState.errors, path) ?? {}) as { message?: unknown };
        return {
          mistake: typeof message === "string" ? message : undefined,
          input: register(path),
        };
      }}
    />
  );
}

/** The limits of a draft, where no form is around. */
export function DraftLimits(props: {
  owner: LimitOwner;
  value: LimitsDraft;
  onChange: (value: LimitsDraft) => void;
  /** They are shown only. */
  fixed?: boolean;
}) {
  const { owner, value, onChange, fixed = false } = props;
  const mistakes = limitMistakesOf(value);
  return (
    <Fields
      owner={owner}
      controlOf={(kind) => ({
        mistake: mistakes[kind],
        input: {
          value: value[kind],
          readOnly: fixed,
          onChange: ({ currentTarget }) => onChange({ ...value, [kind]: currentTarget.value }),
        },
      })}
    />
  );
}

/** One number each; nothing typed is no limit. */
function Fields(props: { owner: LimitOwner; controlOf: (kind: LimitKind) => Control }) {
  const { t } = useTranslation("limits");
  const words = useRuleText();
  const { owner, controlOf } = props;
  const isUpstream = owner === "channel" || owner === "credential";
  return (
    <div className="space-y-3">
      <p className="text-fg-2 text-sm">{t("about_nodes", { about: t(`about.${owner}`) })}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        {limitKinds.map((kind) => {
          const { mistake, input } = controlOf(kind);
          const help = isUpstream && kind === "concurrency" ? "concurrency_upstream" : kind;
          return (
            <Field
              key={kind}
              label={t(`field.${kind}`)}
              help={t(`help.${help}`)}
              error={words(mistake)}
            >
              <Input
                inputMode="numeric"
                className="num"
                maxLength={10}
                placeholder={t("none")}
                {...input}
              />
            </Field>
          );
        })}
      </div>
    </div>
  );
}
