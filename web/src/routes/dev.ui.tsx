import { createFileRoute, lazyRouteComponent, notFound } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";

/** Only in dev builds, and where a build asks for it. */
const wanted = import.meta.env.DEV || import.meta.env.VITE_GALLERY === "1";

export const Route = createFileRoute("/dev/ui")({
  beforeLoad: () => {
    if (!wanted) throw notFound();
  },
  loader: () => loadTexts("shell", "ui"),
  ...(wanted && {
    component: lazyRouteComponent(() => import("@/gallery/gallery-page"), "GalleryPage"),
  }),
});
