import { createFileRoute } from "@tanstack/react-router";

import { PublicLayout } from "@/auth/public-layout";
import { ConsentPage } from "@/consent/consent-page";
import { loadTexts } from "@/i18n";
import { signedIn } from "@/session/signed-in";

/** Where apps send people. Its query is theirs: nothing of it is read here, and nothing lost on the way. */
export const Route = createFileRoute("/oauth/authorize")({
  beforeLoad: async ({ context }) => {
    const query = context.query();
    return {
      query: query.replace(/^\?/, ""),
      ...(await signedIn(context, `/oauth/authorize${query}`)),
    };
  },
  loader: () => loadTexts("shell", "auth", "consent"),
  component: Authorize,
});

function Authorize() {
  const { query } = Route.useRouteContext();
  return (
    <PublicLayout>
      <ConsentPage key={query} query={query} />
    </PublicLayout>
  );
}
