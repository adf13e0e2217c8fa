import { useTranslation } from "react-i18next";
import { useText } from "@/announcements/use-text";
import type { AdminAnnouncementView } from "@/api/types";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { AnnouncementForm } from "./announcement-form";

interface Props {
  /** The announcement to be changed, or `new`. */
  open: AdminAnnouncementView | "new";
  onClose: () => void;
}

/** Writes an announcement, or changes one; nothing but its buttons closes the sheet. */
export default function AnnouncementSheet({ open, onClose }: Props) {
  const { t } = useTranslation("announcement_office");
  return (
    <Sheet open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <SheetContent keepOpen title={open === "new" ? t("make") : <Name of={open} />}>
        {open === "new" ? (
          <AnnouncementForm onDone={onClose} />
        ) : (
          <AnnouncementForm key={open.id} announcement={open} onDone={onClose} />
        )}
      </SheetContent>
    </Sheet>
  );
}

function Name({ of: { texts } }: { of: AdminAnnouncementView }) {
  const { title, lang } = useText(texts);
  return (
    <bdi data-raw="" lang={lang}>
      {title}
    </bdi>
  );
}
