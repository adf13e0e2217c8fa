import { Link } from "@tanstack/react-router";
import { BookOpen, CircleHelp, LogOut, UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import { useProblemText } from "@/components/problem-text";
import { toast } from "@/components/toast";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { useSignOut } from "@/session/sign-out";
import { useMe } from "@/session/use-me";

/** Who one is here, and the way out. */
export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { t } = useTranslation("shell");
  const me = useMe();
  const words = useProblemText();
  const signOut = useSignOut();
  const leave = () => signOut().catch((error) => toast.failed(words(asProblem(error))));
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton
          plain
          label={t("account_menu", { name: me.username })}
          icon={<UserRound aria-hidden="true" />}
        />
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <div className="px-2 py-1.5">
          <p data-raw="" data-private="" className="truncate font-medium">
            {me.username}
          </p>
          <p className="text-fg-3 text-xs">{t(`role.${me.role}`)}</p>
        </div>
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          <Link to="/account">
            <UserRound aria-hidden="true" />
            {t("nav.account")}
          </Link>
        </DropdownMenuItem>
        <DropdownMenuItem asChild>
          <Link to="/docs/api">
            <BookOpen aria-hidden="true" />
            {t("api_docs")}
          </Link>
        </DropdownMenuItem>
        <DropdownMenuItem icon={<CircleHelp aria-hidden="true" />} keys="?" onSelect={onShortcuts}>
          {t("shortcuts.title")}
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem icon={<LogOut aria-hidden="true" />} onSelect={leave}>
          {t("sign_out")}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
