import { createFileRoute, redirect } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { PublicFrame } from "@/public/public-frame";

export const Route = createFileRoute("/_public")({
  beforeLoad: ({ context }) => {
    if (context.site.setup_needed) throw redirect({ to: "/setup", replace: true });
  },
  loader: () => loadTexts("shell", "auth"),
  component: PublicFrame,
});
