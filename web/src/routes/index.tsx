import { createFileRoute, redirect } from "@tanstack/react-router";

import { meQuery } from "@/session/session";

/** The address alone: to set-up, to sign-in, or to the first page of the menu. */
export const Route = createFileRoute("/")({
  beforeLoad: async ({ context }) => {
    if (context.site.setup_needed) throw redirect({ to: "/setup", replace: true });
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me) throw redirect({ to: "/login", replace: true });
    const { homeOf } = await import("@/shell/nav");
    throw redirect({ to: homeOf(me, context.exists), replace: true });
  },
});
