import { useTranslation } from "react-i18next";

import { ProblemNotice } from "@/components/problem-notice";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { ImportFoot } from "@/form/import-foot";
import { ImportDiff } from "./import-diff";
import { ImportDone } from "./import-done";
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
  const { report, written } = state;
  return (
    <SheetContent
      keepOpen
      title={t("import.title")}
      className={report && !written ? "max-w-340" : undefined}
      footer={
        <ImportFoot
          step={written ? "done" : report ? "look" : "source"}
          hasSource={state.source !== undefined}
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
        {...(report === undefined &&
          isUnreadable(state.error) && { words: t("import.unreadable") })}
      />
    </SheetContent>
  );
}

/** The text is no list of prices that the server knows. */
const isUnreadable = (error: unknown) =>
  typeof error === "object" && error !== null && "code" in error && error.code === "malformed";
