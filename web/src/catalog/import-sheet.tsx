import { useTranslation } from "react-i18next";

import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { ImportDiff } from "./import-diff";
import { ImportDone } from "./import-done";
import { ImportSource } from "./import-source";
import { type Import, useImport } from "./use-import";

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
      footer={<Foot state={state} onClose={onClose} />}
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

function Foot({ state, onClose }: { state: Import; onClose: () => void }) {
  const { t } = useTranslation(["catalog", "common"]);
  const { source, report, ticked, written, busy } = state;
  if (written) {
    return (
      <>
        <Button onClick={state.restart}>{t("catalog:import.another")}</Button>
        <Button variant="primary" onClick={onClose}>
          {t("common:done")}
        </Button>
      </>
    );
  }
  if (report) {
    return (
      <>
        <Button onClick={state.restart} disabled={busy}>
          {t("common:back")}
        </Button>
        <Button
          variant="primary"
          loading={busy}
          disabledReason={ticked.size === 0 ? t("catalog:import.none_ticked") : undefined}
          onClick={() => void state.write()}
        >
          {t("catalog:import.write", { count: ticked.size })}
        </Button>
      </>
    );
  }
  return (
    <Button
      variant="primary"
      loading={busy}
      disabledReason={source === undefined ? t("catalog:import.no_source") : undefined}
      onClick={() => void state.compare()}
    >
      {t("catalog:import.compare")}
    </Button>
  );
}
