import { useTranslation } from "react-i18next";

/** The first stop of the keyboard: past the menu. */
export function SkipLink() {
  const { t } = useTranslation("shell");
  return (
    <a
      href="#content"
      className="fixed top-1 left-1 z-toast -translate-y-16 rounded-control bg-primary px-3 py-2 font-medium text-on-primary focus:translate-y-0"
    >
      {t("skip")}
    </a>
  );
}
