import { get, useFormState } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { languagesFrom, languageTags } from "@/announcements/text-for";
import { Input } from "@/components/ui/input";
import { FormField } from "@/form/form-field";
import { MarkdownField } from "@/form/markdown-field";
import { useRuleText } from "@/form/rule-text";
import { longestTitle } from "./queries";

/** Title and text in each language, the writer's own first. */
export function TextFields() {
  const { t, i18n } = useTranslation("announcement_office");
  const words = useRuleText();
  const { errors } = useFormState();
  // The server may be against all of them at once.
  const { message } = (get(errors, "texts") ?? {}) as { message?: unknown };
  return (
    <div className="space-y-4">
      <p className="text-fg-2">{t("form.languages")}</p>
      {languagesFrom(i18n.language).map((language, at) => (
        <div key={language} className="space-y-3 border-line border-l-2 pl-3">
          <FormField name={`texts.${language}.title`} label={t(`form.title.${language}`)}>
            <Input
              autoFocus={at === 0}
              spellCheck
              lang={languageTags[language]}
              maxLength={longestTitle}
            />
          </FormField>
          <MarkdownField
            name={`texts.${language}.body`}
            label={t(`form.body.${language}`)}
            lang={languageTags[language]}
          />
        </div>
      ))}
      {typeof message === "string" && (
        <p role="alert" className="text-err text-sm">
          {words(message)}
        </p>
      )}
    </div>
  );
}
