import { createFileRoute, redirect } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { may, meQuery } from "@/session/session";
import { SetupPage } from "@/setup/setup-page";
import { stepOf } from "@/setup/steps";

/** Open to anyone while there is no root account, and after that to whoever operates the site. */
export const Route = createFileRoute("/setup")({
  validateSearch: (search): { step?: string } => {
    const step = stepOf(search.step);
    return step === undefined ? {} : { step };
  },
  beforeLoad: async ({ context }) => {
    if (context.site.setup_needed) return { me: null };
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me || !may(me, "settings.write")) throw redirect({ to: "/", replace: true });
    return { me };
  },
  loader: ({ context }) =>
    context.me
      ? loadTexts("setup", "shell", "auth", "channels", "tokens", "connect", "trace")
      : loadTexts("setup", "shell", "auth"),
  component: () => <SetupPage isNew={Route.useRouteContext().me === null} />,
});
