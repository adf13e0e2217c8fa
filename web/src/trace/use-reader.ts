import { useTranslation } from "react-i18next";

import { useTimeZone } from "@/components/value/time-zone";
import type { Reader } from "./words";

/** How to write things for the one at this page. */
export function useReader(): Reader {
  const { t, i18n } = useTranslation("trace");
  const zone = useTimeZone();
  return { t, language: i18n.language, zone };
}
