import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CannedReplyView } from "@/api/types";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { CannedForm } from "./canned-form";
import { CannedList } from "./canned-list";

/** The canned replies: a list, and in its place the form of one that is written. */
export function CannedSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Sheet open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      {open && <Inside />}
    </Sheet>
  );
}

function Inside() {
  const { t } = useTranslation("ticket_office");
  const [written, setWritten] = useState<CannedReplyView | "new">();
  if (written === undefined) {
    return (
      <SheetContent title={t("canned.title")}>
        <CannedList onWrite={setWritten} />
      </SheetContent>
    );
  }
  const isNew = written === "new";
  return (
    <SheetContent
      keepOpen
      title={
        isNew ? (
          t("canned.add")
        ) : (
          <span data-raw="">{t("canned.edit", { name: written.name })}</span>
        )
      }
    >
      <CannedForm {...(!isNew && { reply: written })} onDone={() => setWritten(undefined)} />
    </SheetContent>
  );
}
