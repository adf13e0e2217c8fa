import { createFileRoute, redirect } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { meQuery } from "@/session/session";
import { Shell } from "@/shell/shell";

/** Every page of a signed-in user lies below; they find `me` in their context. */
export const Route = createFileRoute("/_app")({
  beforeLoad: async ({ context, location }) => {
    if (context.site.setup_needed) throw redirect({ to: "/setup", replace: true });
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me) {
      throw redirect({ to: "/login", search: { return_to: location.href }, replace: true });
    }
    return { me };
  },
  loader: () => loadTexts("shell", "auth"),
  component: Shell,
});
