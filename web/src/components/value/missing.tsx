import { useTranslation } from "react-i18next";

/** No value, and why: never a zero, never `N/A`. */
export function Missing({ reason }: { reason?: string }) {
  const { t } = useTranslation("common");
  const words = reason ?? t("missing");
  return (
    <span title={words} className="text-fg-3">
      <span aria-hidden="true">–</span>
      <span className="sr-only">{words}</span>
    </span>
  );
}
