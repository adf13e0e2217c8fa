import { useTranslation } from "react-i18next";

/** Before the title of what was not read yet. */
export function UnreadDot() {
  const { t } = useTranslation("announcements");
  return (
    <>
      <span
        aria-hidden="true"
        className="mr-2 inline-block size-2 shrink-0 rounded-full bg-primary align-middle"
      />
      <span className="sr-only">{t("unread")}: </span>
    </>
  );
}
