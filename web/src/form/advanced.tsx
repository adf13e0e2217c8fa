import { ChevronRight } from "lucide-react";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

/** What few need, folded away, with a count of what was changed in there. */
export function Advanced(props: {
  changed?: number;
  label?: string;
  /** Beside the label: what is set in there, in short. */
  note?: ReactNode;
  /** What is wrong in there: it opens for it. */
  mistakes?: object | undefined;
  children: ReactNode;
}) {
  const { t } = useTranslation("common");
  const { changed = 0, mistakes } = props;
  const details = useRef<HTMLDetailsElement>(null);
  useLayoutEffect(() => {
    if (mistakes && details.current) details.current.open = true;
  }, [mistakes]);
  return (
    <details ref={details} className="group">
      <summary className="flex min-h-8 w-fit max-w-full list-none items-center gap-1.5 rounded-control font-medium text-fg-2 hover:text-fg [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden="true"
          className="size-4 shrink-0 stroke-[1.5] transition-transform group-open:rotate-90"
        />
        <span className="shrink-0">{props.label ?? t("form.advanced")}</span>
        {props.note !== undefined && (
          <span className="min-w-0 truncate font-normal text-fg-3 text-sm">{props.note}</span>
        )}
        {changed > 0 && (
          <span className="font-normal text-fg-3">
            {t("form.advanced_changed", { count: changed })}
          </span>
        )}
      </summary>
      <div className="space-y-4 pt-3">{props.children}</div>
    </details>
  );
}
