import { useTranslation } from "react-i18next";
import type { NotificationTargetView } from "@/api/types";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import type { Owner } from "./api";
import { TargetForm } from "./target-form";

interface Props {
  owner: Owner;
  /** The target to be changed, or `new`. */
  open: NotificationTargetView | "new";
  onClose: (made?: NotificationTargetView) => void;
}

/** Sets a target up, or changes one; nothing but its buttons closes the sheet. */
export default function TargetSheet({ owner, open, onClose }: Props) {
  const { t } = useTranslation("notifications");
  return (
    <Sheet open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <SheetContent
        keepOpen
        title={open === "new" ? t("make") : <bdi data-raw="">{open.name}</bdi>}
      >
        {open === "new" ? (
          <TargetForm owner={owner} onDone={onClose} />
        ) : (
          <TargetForm key={open.id} owner={owner} target={open} onDone={onClose} />
        )}
      </SheetContent>
    </Sheet>
  );
}
