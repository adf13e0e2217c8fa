import { EyeOff, Search } from "lucide-react";
import { useTranslation } from "react-i18next";

import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";
import { LivePill } from "@/live/live-pill";
import { LanguageMenu, ThemeMenu } from "./appearance";
import { Bell } from "./bell";
import { Crumbs } from "./crumbs";
import { togglePrivacy, usePrivacy } from "./privacy";
import { UserMenu } from "./user-menu";

interface Props {
  onSearch: () => void;
  onShortcuts: () => void;
}

const onApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Where one is, the search, and what belongs to the reader rather than the page. */
export function TopBar({ onSearch, onShortcuts }: Props) {
  const { t } = useTranslation("shell");
  const isPrivate = usePrivacy();
  return (
    <header className="sticky top-0 z-sticky flex h-12 items-center gap-2 border-line border-b bg-bg px-3 sm:px-4 lg:px-6">
      <Crumbs />
      <div className="ml-auto flex items-center gap-1">
        <LivePill />
        <button
          type="button"
          onClick={onSearch}
          aria-haspopup="dialog"
          className="flex h-7 w-56 items-center gap-2 rounded-control border border-line-strong/50 bg-surface px-2 text-fg-3 text-sm hover:text-fg max-lg:hidden"
        >
          <Search aria-hidden="true" className="size-4 stroke-[1.5]" />
          <span className="flex-1 text-left">{t("search")}</span>
          <Kbd keys={onApple ? "⌘ K" : "Ctrl K"} />
        </button>
        <IconButton
          label={t("search")}
          icon={<Search aria-hidden="true" />}
          onClick={onSearch}
          className="lg:hidden"
        />
        {isPrivate && (
          <IconButton
            label={t("privacy_off")}
            icon={<EyeOff aria-hidden="true" />}
            onClick={togglePrivacy}
          />
        )}
        <Bell />
        <LanguageMenu />
        <ThemeMenu />
        <UserMenu onShortcuts={onShortcuts} />
      </div>
    </header>
  );
}
