import { useState } from "react";
import { useFormState } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import type { Change } from "@/form/save-bar";
import { SubmitButton } from "@/form/submit-button";

interface Props {
  isNew: boolean;
  changes: readonly Change[];
  onDiscard: () => void;
}

/** At the foot of the sheet: what was changed, and the two ways on. */
export function ModelFoot({ isNew, changes, onDiscard }: Props) {
  const { t } = useTranslation(["catalog", "common"]);
  const { isSubmitting } = useFormState();
  const [isOpen, setIsOpen] = useState(false);
  if (isNew) return <SubmitButton>{t("catalog:make.verb")}</SubmitButton>;
  if (changes.length === 0) return null;
  return (
    <section
      aria-label={t("common:form.changes", { count: changes.length })}
      className="sticky -bottom-4 z-sticky -mx-4 space-y-2 border-line border-y bg-surface px-4 py-3"
    >
      {isOpen && <Changes changes={changes} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button variant="ghost" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t("common:form.changes", { count: changes.length })}
        </Button>
        <span className="flex-1" />
        <Button onClick={onDiscard} {...(isSubmitting && { disabled: true })}>
          {t("common:discard")}
        </Button>
        <SubmitButton>{t("common:save")}</SubmitButton>
      </div>
    </section>
  );
}

/** Before and after, one field in a line. */
export function Changes({ changes }: { changes: readonly Change[] }) {
  return (
    <ul className="space-y-1 text-sm">
      {changes.map(({ label, before, after }) => (
        <li key={label} className="[overflow-wrap:anywhere]">
          <span className="text-fg-2">{label}: </span>
          <span data-raw="" className="text-fg-3 line-through">
            {before}
          </span>
          {" → "}
          <span data-raw="">{after}</span>
        </li>
      ))}
    </ul>
  );
}
