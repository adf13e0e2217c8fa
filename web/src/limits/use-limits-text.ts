import { useTranslation } from "react-i18next";

import type { Limits } from "@/api/types";
import { formatExact } from "@/format/number";
import { limitKinds } from "./limits";

/** Limits in one line: `60 requests a minute · 4 calls at once`; nothing where there are none. */
export function useLimitsText(): (limits: Limits | undefined) => string {
  const { t, i18n } = useTranslation("limits");
  return (limits = {}) =>
    limitKinds
      .flatMap((kind) => {
        const most = limits[kind];
        if (most === undefined) return [];
        const shown = formatExact(most, i18n.language);
        return t(`short.${kind}`, { count: most, shown });
      })
      .join(" · ");
}
