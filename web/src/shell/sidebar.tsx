import { Link } from "@tanstack/react-router";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { IconButton } from "@/components/ui/icon-button";
import { useBootstrap } from "@/session/use-me";
import { Brand } from "./brand";
import { Menu } from "./menu";
import { readPreference, writePreference } from "./preference";
import { useShortcut } from "./shortcuts";
import { useMedia } from "./use-media";

/** The menu beside the page: 232 px, or 56 px of icons. */
export function Sidebar() {
  const { t } = useTranslation("shell");
  const { site_name } = useBootstrap();
  const roomy = useMedia("(min-width: 64rem)");
  const [chosen, setChosen] = useState(() => readPreference("menu"));
  const narrow = chosen === null ? !roomy : chosen === "narrow";
  const label = narrow ? t("menu_wide") : t("menu_narrow");
  const toggle = () => {
    const next = narrow ? "wide" : "narrow";
    writePreference("menu", next);
    setChosen(next);
  };
  useShortcut({ keys: "[", label: t("shortcuts.menu"), group: "everywhere" }, toggle);
  return (
    <div
      className={cn(
        "sticky top-0 z-sidebar flex h-dvh shrink-0 flex-col border-line border-r bg-surface-2",
        narrow ? "w-14" : "w-58",
      )}
    >
      <Link
        to="/"
        className={cn(
          "flex h-12 shrink-0 items-center px-4 -outline-offset-2!",
          narrow && "justify-center px-0",
        )}
      >
        <Brand name={site_name} markOnly={narrow} />
      </Link>
      <Menu narrow={narrow} />
      <div className={cn("border-line border-t p-2", narrow && "flex justify-center")}>
        <IconButton
          size="sm"
          label={label}
          keys="["
          onClick={toggle}
          icon={
            narrow ? <PanelLeftOpen aria-hidden="true" /> : <PanelLeftClose aria-hidden="true" />
          }
        />
      </div>
    </div>
  );
}
