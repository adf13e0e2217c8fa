import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { signedIn } from "@/session/signed-in";
import { Shell } from "@/shell/shell";

/** Every page of a signed-in user lies below; they find `me` in their context. */
export const Route = createFileRoute("/_app")({
  beforeLoad: ({ context, location }) => signedIn(context, location.href),
  loader: () => loadTexts("shell", "auth"),
  component: Shell,
});
