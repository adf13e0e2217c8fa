import { Pin } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AnnouncementView } from "@/api/types";
import { cn } from "@/components/class-names";
import { UnreadDot } from "./unread-dot";
import { useText } from "./use-text";

/** What an announcement is called, with a dot until it was read and a pin as long as it stays on top. */
export function Title({ announcement }: { announcement: AnnouncementView }) {
  const { t } = useTranslation("announcements");
  const { texts, read, pinned } = announcement;
  const { title, lang } = useText(texts);
  return (
    <>
      {!read && <UnreadDot />}
      {pinned && (
        <>
          <Pin aria-hidden="true" className="mr-1 inline-block size-3.5 stroke-[1.5] text-fg-3" />
          <span className="sr-only">{t("pinned")}: </span>
        </>
      )}
      <bdi data-raw="" lang={lang} className={cn(!read && "font-semibold")}>
        {title}
      </bdi>
    </>
  );
}
