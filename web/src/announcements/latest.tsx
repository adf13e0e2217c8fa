import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { AnnouncementView } from "@/api/types";
import { cn } from "@/components/class-names";
import { useProblemText } from "@/components/problem-text";
import {
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
} from "@/components/ui/dropdown-menu";
import { TimeAgo } from "@/components/value/time-ago";
import { announcementsQuery } from "./queries";
import { severityIcons } from "./severity-badge";
import { UnreadDot } from "./unread-dot";
import { useText } from "./use-text";

/** As many the bell shows. */
const most = 5;

const newestFirst = (left: AnnouncementView, right: AnnouncementView) =>
  Date.parse(right.published_at) - Date.parse(left.published_at);

/** What the bell opens: the newest announcements, and the way to all. Asked for when it is opened. */
export default function Latest() {
  const { t } = useTranslation(["announcements", "common"]);
  const words = useProblemText();
  const { data, error } = useQuery(announcementsQuery);
  const items = (data?.items ?? []).toSorted(newestFirst).slice(0, most);
  const why = error ? words(asProblem(error)) : t("common:loading");
  return (
    <>
      {items.length === 0 && (
        <DropdownMenuLabel>{data ? t("announcements:none") : why}</DropdownMenuLabel>
      )}
      {items.map((announcement) => (
        <DropdownMenuItem key={announcement.id} asChild className="items-start py-1.5">
          <Link to="/announcements/$id" params={{ id: announcement.id }}>
            <Item announcement={announcement} />
          </Link>
        </DropdownMenuItem>
      ))}
      <DropdownMenuSeparator />
      <DropdownMenuItem asChild>
        <Link to="/announcements">{t("announcements:page.all")}</Link>
      </DropdownMenuItem>
    </>
  );
}

function Item({ announcement }: { announcement: AnnouncementView }) {
  const { t } = useTranslation("announcements");
  const { severity, texts, published_at, read } = announcement;
  const { title, lang } = useText(texts);
  const Icon = severityIcons[severity];
  return (
    <>
      <Icon aria-hidden="true" className="mt-0.5" />
      <span className="min-w-0 flex-1">
        <span className="line-clamp-2 [overflow-wrap:anywhere]">
          {!read && <UnreadDot />}
          <bdi data-raw="" lang={lang} className={cn(!read && "font-semibold")}>
            {title}
          </bdi>
        </span>
        <span className="block text-fg-3 text-xs">
          {t(`severity.${severity}`)}
          {" · "}
          <TimeAgo time={published_at} />
        </span>
      </span>
    </>
  );
}
