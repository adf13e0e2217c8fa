import { createFileRoute, redirect } from "@tanstack/react-router";

import { PublicLayout } from "@/auth/public-layout";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_public")({
  beforeLoad: ({ context }) => {
    if (context.site.setup_needed) throw redirect({ to: "/setup", replace: true });
  },
  loader: () => loadTexts("shell", "auth"),
  component: PublicLayout,
});
