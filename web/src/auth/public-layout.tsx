import { Outlet } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { cn } from "@/components/class-names";
import { Toaster } from "@/components/toaster";
import { useBootstrap } from "@/session/use-me";
import { Announcements } from "@/shell/announcements";
import { LanguageMenu, ThemeMenu } from "@/shell/appearance";
import { Brand } from "@/shell/brand";
import { SkipLink } from "@/shell/skip-link";

interface Props {
  /** One step, a page of steps, or a list. */
  width?: keyof typeof widths;
  /** Below the name: the ways to pages of the same kind. */
  nav?: ReactNode;
  footer?: ReactNode;
  children?: ReactNode;
}

const widths = {
  step: "max-w-96 pt-[6vh]",
  page: "max-w-240 pt-[6vh] sm:px-6 sm:pt-8",
  table: "max-w-400 pt-6 sm:px-6",
};

/** The frame of the pages before one is signed in: the name, language and theme, one column. */
export function PublicLayout({ width = "step", nav, footer, children }: Props) {
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
        {nav}
        <main
          id="content"
          tabIndex={-1}
          className={cn("mx-auto w-full flex-1 px-3 pb-12 outline-none", widths[width])}
        >
          {children ?? <Outlet />}
        </main>
        {footer}
      </div>
      <Announcements />
      <Toaster />
    </>
  );
}
