import { type ComponentType, lazy, Suspense } from "react";

import type { AnnouncementView } from "@/api/types";
import { useNews } from "@/session/use-news";
import { usePath } from "./use-nav";

// Most pages have none. Where it cannot be had, the page goes on without it.
const Urgent = lazy<ComponentType<{ announcement: AnnouncementView }>>(() =>
  import("@/announcements/urgent").catch(() => ({ default: () => null })),
);

/** The announcement that must not be missed, on every page but its own. */
export function UrgentNews() {
  const urgent = useNews()?.urgent;
  const path = usePath();
  if (!urgent || path === `/announcements/${encodeURIComponent(urgent.id)}`) return null;
  return (
    <Suspense fallback={null}>
      <Urgent announcement={urgent} />
    </Suspense>
  );
}
