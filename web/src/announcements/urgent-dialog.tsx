import { useTranslation } from "react-i18next";
import type { AnnouncementView } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { AnnouncementBody } from "./announcement-body";
import { SeverityBadge } from "./severity-badge";
import { useReading } from "./use-reading";
import { useText } from "./use-text";

/** Something everybody has to say of that they have read it, before they go on. */
export function UrgentDialog({ announcement }: { announcement: AnnouncementView }) {
  const { t } = useTranslation("announcements");
  const { id, severity, texts } = announcement;
  const text = useText(texts);
  const { busy, error, read } = useReading(id);
  return (
    <Dialog open>
      <DialogContent
        isHeld
        title={
          <bdi data-raw="" lang={text.lang}>
            {text.title}
          </bdi>
        }
        footer={
          <Button variant="primary" loading={busy} onClick={() => void read()}>
            {t("urgent.read")}
          </Button>
        }
      >
        <div className="space-y-3">
          <SeverityBadge severity={severity} />
          <section
            aria-label={t("urgent.text")}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled by the keyboard
            tabIndex={0}
            className="max-h-[45vh] overflow-y-auto rounded-badge"
          >
            <AnnouncementBody text={text} />
          </section>
          <ProblemNotice error={error} />
        </div>
      </DialogContent>
    </Dialog>
  );
}
