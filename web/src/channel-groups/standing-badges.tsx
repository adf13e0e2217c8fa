import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/badge";
import type { Standing } from "./standing";

/** A badge for each thing that puts a channel before its priority. */
export function StandingBadges({ standing }: { standing: Pick<Standing, "pinned" | "promoted"> }) {
  const { t } = useTranslation("trace");
  return (["pinned", "promoted"] as const)
    .filter((mark) => standing[mark])
    .map((mark) => (
      <Badge key={mark} tone="info" className="shrink-0">
        {t(`mark.${mark}`)}
      </Badge>
    ));
}
