import { type ComponentProps, useState } from "react";
import { get, useFormContext, useFormState } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { Markdown } from "@/components/markdown/markdown";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { Textarea } from "@/components/ui/textarea";
import { useRuleText } from "./rule-text";

const views = ["write", "preview"] as const;

interface Props extends Pick<ComponentProps<typeof Textarea>, "lang"> {
  /** The name of the value in the form around it. */
  name: string;
  label: string;
}

/** A text in Markdown as a field of the form around it, and how it will look. */
export function MarkdownField({ name, label, lang }: Props) {
  const { t } = useTranslation("common");
  const words = useRuleText();
  const { register, watch } = useFormContext();
  const { errors } = useFormState();
  const [view, setView] = useState<(typeof views)[number]>("write");
  const { message } = (get(errors, name) ?? {}) as { message?: unknown };
  const mistake = words(typeof message === "string" ? message : undefined);
  // What is wrong with it is mended where it is written.
  const isPreview = view === "preview" && mistake === undefined;
  return (
    <Field
      label={label}
      help={t("markdown.help")}
      error={mistake}
      aside={
        <Segmented
          label={t("markdown.view")}
          value={isPreview ? "preview" : "write"}
          onChange={setView}
          options={views.map((value) => ({ value, label: t(`markdown.${value}`) }))}
        />
      }
    >
      <Textarea
        {...register(name)}
        rows={6}
        spellCheck
        hidden={isPreview}
        lang={lang}
        className="min-h-36"
      />
      {isPreview && (
        <section
          aria-label={t("markdown.preview")}
          className="min-h-36 rounded-control border border-line px-2.5 py-1.5"
        >
          <Preview text={watch(name)} lang={lang} />
        </section>
      )}
    </Field>
  );
}

function Preview({ text, lang }: { text: string; lang: string | undefined }) {
  const { t } = useTranslation("common");
  if (text.trim() === "") return <p className="text-fg-3">{t("markdown.empty")}</p>;
  return (
    <div lang={lang}>
      <Markdown text={text} />
    </div>
  );
}
