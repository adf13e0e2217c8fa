import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { focusPage } from "@/components/ui/focus-back";
import { DirtyGuard } from "./dirty-guard";

export interface Change {
  /** The label of what changes. */
  label: string;
  before: ReactNode;
  after: ReactNode;
}

interface Props {
  changes: readonly Change[];
  saving: boolean;
  onSave: () => void;
  onDiscard: () => void;
  /** What went wrong, beside the button. */
  problem?: ReactNode;
  /** Without the question on leaving, where a sheet asks it itself. */
  unguarded?: boolean;
}

/** At the foot of a form while something differs: how much, what, and the two ways on. */
export function SaveBar({ changes, saving, onSave, onDiscard, problem, unguarded }: Props) {
  const { t } = useTranslation("common");
  const [open, setOpen] = useState(false);
  const dirty = changes.length > 0;
  // The bar goes when it has done its work, and whoever pressed its button goes on in the form.
  useEffect(() => {
    if (!dirty) return;
    return () => {
      if (document.activeElement === document.body) focusPage();
    };
  }, [dirty]);
  return (
    <>
      {!unguarded && <DirtyGuard dirty={dirty} />}
      {dirty && (
        <section
          data-passing=""
          aria-label={t("form.changes", { count: changes.length })}
          className="sticky bottom-0 z-sticky animate-rise space-y-2 border-line border-t bg-bg py-3 max-md:bottom-14"
        >
          {open && (
            <ul className="max-h-48 space-y-1 overflow-y-auto text-sm">
              {changes.map((change) => (
                <li key={change.label} className="[overflow-wrap:anywhere]">
                  <span className="text-fg-2">{change.label}: </span>
                  <span data-raw="" className="text-fg-3 line-through">
                    {change.before}
                  </span>
                  {" → "}
                  <span data-raw="">{change.after}</span>
                </li>
              ))}
            </ul>
          )}
          {problem}
          <div className="flex flex-wrap items-center gap-2">
            <Button variant="ghost" aria-expanded={open} onClick={() => setOpen(!open)}>
              {t("form.changes", { count: changes.length })}
            </Button>
            <span className="flex-1" />
            <Button onClick={onDiscard}>{t("discard")}</Button>
            <Button variant="primary" loading={saving} onClick={onSave}>
              {t("save")}
            </Button>
          </div>
        </section>
      )}
    </>
  );
}
