import { ArrowLeft, ArrowRight } from "lucide-react";
import { useTranslation } from "react-i18next";

import { path } from "@/api/client";
import type { AnnouncementView } from "@/api/types";
import { cn } from "@/components/class-names";
import { AppLink } from "@/connect/app-link";
import { useText } from "./use-text";

interface Props {
  previous: AnnouncementView | undefined;
  next: AnnouncementView | undefined;
}

/** The announcements before and after one, in the order of the list. */
export function Neighbours({ previous, next }: Props) {
  const { t } = useTranslation("announcements");
  if (!previous && !next) return null;
  return (
    <nav
      aria-label={t("page.others")}
      className="grid gap-2 border-line border-t pt-4 sm:grid-cols-2"
    >
      {previous && <Neighbour announcement={previous} direction="previous" />}
      {next && <Neighbour announcement={next} direction="next" />}
    </nav>
  );
}

interface NeighbourProps {
  announcement: AnnouncementView;
  direction: "previous" | "next";
}

function Neighbour({ announcement: { id, texts }, direction }: NeighbourProps) {
  const { t } = useTranslation("announcements");
  const { title, lang } = useText(texts);
  const isNext = direction === "next";
  const Icon = isNext ? ArrowRight : ArrowLeft;
  return (
    <AppLink
      href={path`/announcements/${id}`}
      className={cn(
        "flex min-w-0 items-center gap-2 rounded-control border border-line px-3 py-2 hover:bg-surface-2",
        isNext && "flex-row-reverse text-right sm:col-start-2",
      )}
    >
      <Icon aria-hidden="true" className="size-4 shrink-0 stroke-[1.5] text-fg-3" />
      <span className="min-w-0 flex-1">
        <span className="block text-fg-3 text-xs">
          {t(`page.${direction}`)}
          <span className="sr-only">: </span>
        </span>
        <bdi data-raw="" lang={lang} className="block truncate">
          {title}
        </bdi>
      </span>
    </AppLink>
  );
}
