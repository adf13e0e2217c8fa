import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** What few need, folded away, with a count of what was changed in there. */
export function Advanced(props: { changed: number; label?: string; children: ReactNode }) {
  const { t } = useTranslation("common");
  return (
    <details className="group">
      <summary className="flex min-h-8 w-fit list-none items-center gap-1.5 rounded-control font-medium text-fg-2 hover:text-fg [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden="true"
          className="size-4 stroke-[1.5] transition-transform group-open:rotate-90"
        />
        {props.label ?? t("form.advanced")}
        {props.changed > 0 && (
          <span className="font-normal text-fg-3">
            {t("form.advanced_changed", { count: props.changed })}
          </span>
        )}
      </summary>
      <div className="space-y-4 pt-3">{props.children}</div>
    </details>
  );
}
