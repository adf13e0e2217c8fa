import { lazy, Suspense } from "react";

import { Sheet } from "@/components/ui/sheet";
import { loadTexts } from "@/i18n";

const ImportSteps = lazy(async () => {
  await loadTexts("transfer", "batch");
  return import("./import-steps");
});

/** Brings channels along from a file: shows what would become of each before anything is done. */
export function ImportSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Sheet open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      {open && (
        <Suspense>
          <ImportSteps onClose={onClose} />
        </Suspense>
      )}
    </Sheet>
  );
}
