import { useTranslation } from "react-i18next";

import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { ImportFoot } from "@/form/import-foot";
import { ImportDiff } from "./import-diff";
import { ImportDone } from "./import-done";
import { isOvertaken, useImportFailure } from "./import-failure";
import { ImportSource } from "./import-source";
import { useImport } from "./use-import";

interface Props {
  open: boolean;
  onClose: () => void;
}

/** Brings prices along from a list: shows what would change before anything is written. */
export function ImportSheet({ open, onClose }: Props) {
  return (
    <Sheet open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      {open && <Steps onClose={onClose} />}
    </Sheet>
  );
}

function Steps({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("catalog");
  const state = useImport();
  const failureOf = useImportFailure();
  const { report, written } = state;
  const words = failureOf(state.error, report !== undefined);
  return (
    <SheetContent
      keepOpen
      title={t("import.title")}
      className={report && !written ? "max-w-340" : undefined}
      footer={
        <ImportFoot
          step={written ? "done" : report ? "look" : "source"}
          hasSource={state.hasSource}
          needs={state.way === "url" ? t("import.url_none") : undefined}
          ticked={state.ticked.size}
          verb={t("import.write", { count: state.ticked.size })}
          busy={state.busy}
          compare={state.compare}
          write={state.write}
          restart={state.restart}
          onClose={onClose}
        />
      }
    >
      {written ? (
        <ImportDone rows={written} />
      ) : report ? (
        <ImportDiff report={report} ticked={state.ticked} onTick={state.tick} />
      ) : (
        <ImportSource state={state} />
      )}
      <ProblemNotice
        error={state.error}
        className="mt-3"
        {...(words !== undefined && { words })}
        {...(report !== undefined &&
          isOvertaken(state.error) && {
            action: (
              <Button size="sm" loading={state.busy} onClick={() => void state.compare()}>
                {t("import.again")}
              </Button>
            ),
          })}
      />
    </SheetContent>
  );
}
