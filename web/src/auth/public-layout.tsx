import { Outlet } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { cn } from "@/components/class-names";
import { Toaster } from "@/components/toaster";
import { useBootstrap } from "@/session/use-me";
import { Announcements } from "@/shell/announcements";
import { LanguageMenu, ThemeMenu } from "@/shell/appearance";
import { Brand } from "@/shell/brand";
import { SkipLink } from "@/shell/skip-link";

/** The frame of the pages before one is signed in: the name, language and theme, one column. */
export function PublicLayout({ wide = false, children }: { wide?: boolean; children?: ReactNode }) {
  const { site_name } = useBootstrap();
  return (
    <>
      <SkipLink />
      <div className="flex min-h-dvh flex-col">
        <header className="flex h-12 items-center justify-between px-3 sm:px-6">
          <Brand name={site_name} />
          <div className="flex gap-1">
            <LanguageMenu />
            <ThemeMenu />
          </div>
        </header>
        <main
          id="content"
          tabIndex={-1}
          className={cn(
            "mx-auto w-full flex-1 px-3 pt-[6vh] pb-12 outline-none",
            wide ? "max-w-240 sm:px-6 sm:pt-8" : "max-w-96",
          )}
        >
          {children ?? <Outlet />}
        </main>
      </div>
      <Announcements />
      <Toaster />
    </>
  );
}
