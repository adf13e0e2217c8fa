import { useQuery } from "@tanstack/react-query";
import { Newspaper } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AnnouncementView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/value/time-ago";
import { AppLink } from "@/connect/app-link";
import { useCrumb } from "@/shell/crumb";
import { Page } from "@/shell/page";
import { Facts } from "@/trace/section";
import { AnnouncementBody } from "./announcement-body";
import { Neighbours } from "./neighbours";
import { announcementsQuery } from "./queries";
import { SeverityBadge } from "./severity-badge";
import { useSeen } from "./use-seen";
import { useText } from "./use-text";

/** One announcement, found in the list of all: there is one answer for both pages. */
export function AnnouncementPage({ id }: { id: string }) {
  const { t } = useTranslation("announcements");
  const { data, error, refetch } = useQuery(announcementsQuery);
  const items = data?.items;
  const at = items?.findIndex((one) => one.id === id) ?? -1;
  const announcement = items?.[at];
  if (items && announcement) {
    return <Opened announcement={announcement} previous={items[at - 1]} next={items[at + 1]} />;
  }
  return (
    <Page title={t("page.title")} width="prose">
      {items ? (
        <Empty
          icon={<Newspaper />}
          title={t("page.gone")}
          text={t("page.gone_text")}
          action={
            <Button asChild>
              <AppLink href="/announcements">{t("page.all")}</AppLink>
            </Button>
          }
        />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <div aria-busy="true" className="space-y-4">
          <span role="status" className="sr-only">
            {t("page.loading")}
          </span>
          <Skeleton className="h-6 w-60" />
          <Skeleton className="h-40 w-full" />
        </div>
      )}
    </Page>
  );
}

interface Props {
  announcement: AnnouncementView;
  previous: AnnouncementView | undefined;
  next: AnnouncementView | undefined;
}

function Opened({ announcement, previous, next }: Props) {
  const { t } = useTranslation("announcements");
  const { severity, texts, published_at, expires_at } = announcement;
  const text = useText(texts);
  useSeen(announcement);
  useCrumb(announcement.id, text.title, text.lang);
  return (
    <Page
      title={text.title}
      isRaw
      lang={text.lang}
      width="prose"
      aside={<SeverityBadge severity={severity} />}
    >
      <Facts
        items={[
          [t("column.published"), <Time key="published" time={published_at} />],
          [t("column.expires"), expires_at && <Time key="expires" time={expires_at} />],
        ]}
      />
      <article>
        <AnnouncementBody text={text} />
      </article>
      <Neighbours previous={previous} next={next} />
    </Page>
  );
}
