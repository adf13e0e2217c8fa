import { useTranslation } from "react-i18next";

import type { PlanView } from "@/api/types";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { PlanForm } from "./plan-form";

interface Props {
  /** The plan to be changed, or `new`. */
  open: PlanView | "new" | undefined;
  onClose: () => void;
}

/** Makes a plan, or changes one; nothing but its buttons closes the sheet. */
export function PlanSheet({ open, onClose }: Props) {
  const { t } = useTranslation("subscriptions");
  return (
    <Sheet open={open !== undefined} onOpenChange={(isOpen) => !isOpen && onClose()}>
      {open !== undefined && (
        <SheetContent
          keepOpen
          title={open === "new" ? t("plan.make") : <span data-raw="">{open.name}</span>}
        >
          {open === "new" ? (
            <PlanForm onDone={onClose} />
          ) : (
            <PlanForm key={open.code} plan={open} onDone={onClose} />
          )}
        </SheetContent>
      )}
    </Sheet>
  );
}
