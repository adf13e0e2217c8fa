import { useTranslation } from "react-i18next";

import type { NotificationView } from "@/api/types";

/** Where a notification goes, in words: a target by its name, one's own address, or one that is gone. */
export function useTargetName(): (target: NotificationView["target"]) => string {
  const { t } = useTranslation("notifications");
  return ({ id, name }) => name ?? t(id === undefined ? "own_address" : "gone");
}
