import { Bell as BellIcon } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { useNews } from "@/session/use-news";

const Latest = lazy(() => import("@/announcements/latest"));

/** The largest number there is room for. */
const most = 9;

/** How many announcements were not read, and the newest of them. The number comes with `me`, the rest when it is opened. */
export function Bell() {
  const { t } = useTranslation(["shell", "common"]);
  const news = useNews();
  if (!news) return null;
  const { unread } = news;
  const number = unread > most ? `${most}+` : String(unread);
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton
          plain
          label={unread > 0 ? t("shell:bell_unread", { number }) : t("shell:bell")}
          icon={
            <>
              <BellIcon aria-hidden="true" />
              {unread > 0 && (
                <span
                  aria-hidden="true"
                  className="num absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-primary px-1 text-center text-on-primary text-xs"
                >
                  {number}
                </span>
              )}
            </>
          }
        />
      </DropdownMenuTrigger>
      <DropdownMenuContent aria-label={t("shell:bell")} className="w-80">
        <Suspense fallback={<DropdownMenuLabel>{t("common:loading")}</DropdownMenuLabel>}>
          <Latest />
        </Suspense>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
