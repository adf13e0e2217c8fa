import { ChevronDown, ChevronUp, Maximize2 } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import type { Trace } from "@/api/types";
import { IconButton } from "@/components/ui/icon-button";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { shortId } from "@/format/id";
import type { TraceLinks } from "./trace-actions";
import { TraceError } from "./trace-error";
import { TraceView } from "./trace-view";

interface Props {
  /** The request to show; none closes the panel. */
  requestId: string | undefined;
  trace: Trace | undefined;
  error?: unknown;
  onRetry?: (() => void) | undefined;
  onClose: () => void;
  /** The next and the previous of the list as it is filtered; left out at its ends. */
  onNext?: (() => void) | undefined;
  onPrevious?: (() => void) | undefined;
  onFull?: (() => void) | undefined;
  links?: TraceLinks | undefined;
}

/** A request beside the list it is in. J and K go on and back, F opens it in full, Esc closes. */
export function TracePanel(props: Props) {
  const { t } = useTranslation("trace");
  const { requestId, onNext, onPrevious, onFull } = props;
  const open = requestId !== undefined;
  useKeys(open, { j: onNext, k: onPrevious, f: onFull });
  return (
    <Sheet open={open} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <SheetContent
        className="max-w-190"
        // Not the first button: its tooltip would take the first press of Esc.
        onOpenAutoFocus={(event) => {
          event.preventDefault();
          if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
        }}
        title={
          <>
            {t("title")}{" "}
            <span title={requestId} className="font-mono font-normal text-fg-2 text-sm">
              {requestId !== undefined && shortId(requestId)}
            </span>
          </>
        }
        actions={
          <>
            <IconButton
              size="sm"
              label={t("panel.next")}
              keys="J"
              icon={<ChevronDown aria-hidden="true" />}
              disabled={onNext === undefined}
              onClick={onNext}
            />
            <IconButton
              size="sm"
              label={t("panel.previous")}
              keys="K"
              icon={<ChevronUp aria-hidden="true" />}
              disabled={onPrevious === undefined}
              onClick={onPrevious}
            />
            {onFull && (
              <IconButton
                size="sm"
                label={t("panel.full")}
                keys="F"
                icon={<Maximize2 aria-hidden="true" />}
                onClick={onFull}
              />
            )}
          </>
        }
      >
        <Inside {...props} />
      </SheetContent>
    </Sheet>
  );
}

function Inside({ trace, error, onRetry, links }: Props) {
  const { t } = useTranslation("trace");
  if (error !== undefined && error !== null)
    return <TraceError error={error} {...(onRetry && { onRetry })} />;
  if (trace) return <TraceView trace={trace} links={links} />;
  return (
    <div aria-busy="true" className="space-y-6">
      <span role="status" className="sr-only">
        {t("panel.loading")}
      </span>
      <Skeleton className="h-20 w-full" />
      <Skeleton className="h-40 w-full" />
      <Skeleton className="h-64 w-full" />
    </div>
  );
}

/** Single letters, except where one types. */
function useKeys(active: boolean, keys: Record<string, (() => void) | undefined>) {
  useEffect(() => {
    if (!active) return;
    function onKeyDown(event: KeyboardEvent) {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      const target = event.target;
      if (
        target instanceof HTMLElement &&
        target.closest("input, textarea, select, [contenteditable]")
      )
        return;
      const act = keys[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  });
}
