import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useBootstrap } from "@/session/use-me";
import { openPagesOf } from "./pages";

/** Below the forms of signing in and up: what may be looked at without an account. */
export function PublicLinks() {
  const { t } = useTranslation("shell");
  const pages = openPagesOf(useBootstrap());
  if (pages.length === 0) return null;
  return (
    <footer>
      <nav
        aria-label={t("public.nav")}
        className="flex flex-wrap justify-center gap-x-5 gap-y-1 px-3 pb-4 text-fg-2 text-sm"
      >
        {pages.map(({ key, path }) => (
          <Link
            key={key}
            to={path}
            className="inline-flex min-h-7 items-center rounded-badge hover:text-fg hover:underline"
          >
            {t(`public.${key}`)}
          </Link>
        ))}
      </nav>
    </footer>
  );
}
