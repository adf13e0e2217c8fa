import { useTranslation } from "react-i18next";

import { Markdown } from "@/components/markdown/markdown";
import { Notice } from "@/components/ui/notice";
import type { ChosenText } from "./text-for";

/** What an announcement says; where the reader's language has no text, that is said before it. */
export function AnnouncementBody({ text }: { text: ChosenText }) {
  const { t } = useTranslation("announcements");
  return (
    <div className="space-y-3">
      {text.isOther && <Notice tone="info">{t(`only.${text.language}`)}</Notice>}
      <div lang={text.lang}>
        <Markdown text={text.body} />
      </div>
    </div>
  );
}
