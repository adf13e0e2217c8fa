import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useBootstrap } from "@/session/use-me";
import { openPagesOf } from "./pages";
import { useIsSignedIn } from "./use-is-signed-in";

const look =
  "inline-flex min-h-8 items-center rounded-control px-2.5 text-fg-2 hover:bg-surface-2 hover:text-fg aria-[current=page]:bg-surface-3 aria-[current=page]:font-medium aria-[current=page]:text-fg pointer-coarse:min-h-10";

/** Above the pages that anyone may open: the ways to each other, and into the console. */
export function PublicNav() {
  const { t } = useTranslation("shell");
  const pages = openPagesOf(useBootstrap());
  const isSignedIn = useIsSignedIn();
  return (
    <nav
      aria-label={t("public.nav")}
      className="flex flex-wrap items-center gap-1 border-line border-b px-1 pb-2 sm:px-4"
    >
      {pages.map(({ key, path }) => (
        <Link key={key} to={path} activeOptions={{ includeSearch: false }} className={look}>
          {t(`public.${key}`)}
        </Link>
      ))}
      <span className="flex-1" />
      {/* It leads whoever is signed in to their first page, and anybody else to sign in. What it asks for that is asked when it is pressed. */}
      <Link to="/" preload={false} activeOptions={{ exact: true }} className={look}>
        {t(isSignedIn ? "public.console" : "public.sign_in")}
      </Link>
    </nav>
  );
}
