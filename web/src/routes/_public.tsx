import { createFileRoute, redirect } from "@tanstack/react-router";

import { PublicLayout } from "@/auth/public-layout";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_public")({
  beforeLoad: ({ context, location }) => {
    const atSetup = location.pathname === "/setup";
    if (context.site.setup_needed && !atSetup) throw redirect({ to: "/setup", replace: true });
    if (!context.site.setup_needed && atSetup) throw redirect({ to: "/", replace: true });
  },
  loader: () => loadTexts("shell", "auth"),
  component: PublicLayout,
});
