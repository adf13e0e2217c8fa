import type { FieldErrors } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { Notice } from "@/components/ui/notice";
import { useRuleText } from "./rule-text";

interface Mistake {
  name: string;
  message: string;
}

/** What keeps the form from being sent, each a link to its field. Shown after a try to send with two or more. */
export function ErrorSummary(props: { formId: string; errors: FieldErrors }) {
  const { t } = useTranslation("common");
  const words = useRuleText();
  const mistakes = mistakesOf(props.errors);
  if (mistakes.length < 2) return null;
  return (
    <div role="alert">
      <Notice tone="err" heading={t("form.summary", { count: mistakes.length })}>
        <ul className="space-y-0.5">
          {mistakes.map(({ name, message }) => (
            <li key={name}>
              <button
                type="button"
                className="rounded-badge text-left underline underline-offset-2"
                onClick={() => goTo(controlOf(props.formId, name))}
              >
                {labelOf(controlOf(props.formId, name)) ?? name}
              </button>
              {": "}
              {words(message)}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

function mistakesOf(errors: object, prefix = ""): Mistake[] {
  return Object.entries(errors).flatMap(([key, value]): Mistake[] => {
    if (typeof value !== "object" || value === null) return [];
    const { message } = value as { message?: unknown };
    if (typeof message === "string") return [{ name: prefix + key, message }];
    return key === "ref" ? [] : mistakesOf(value, `${prefix}${key}.`);
  });
}

/** What is folded away cannot take the focus. */
function goTo(control: HTMLElement | undefined) {
  const fold = control?.closest("details");
  if (fold) fold.open = true;
  control?.focus();
}

function controlOf(formId: string, name: string): HTMLElement | undefined {
  const form = document.getElementById(formId);
  if (!(form instanceof HTMLFormElement)) return undefined;
  const control = form.elements.namedItem(name);
  return control instanceof HTMLElement ? control : undefined;
}

function labelOf(control: HTMLElement | undefined): string | undefined {
  const labels = (control as HTMLInputElement | undefined)?.labels;
  return labels?.[0]?.firstChild?.textContent ?? undefined;
}
