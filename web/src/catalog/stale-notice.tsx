import { useTranslation } from "react-i18next";

import type { Tagged } from "@/api/client";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { TimeAgo } from "@/components/value/time-ago";
import type { Model } from "@/config/objects";
import { type ModelDraft, useModelChanges } from "./model-changes";
import { Changes } from "./model-foot";

/** What someone else saved in the meantime. */
export interface Newer {
  theirs: Tagged<Model>;
  /** Who, where the reader may know. */
  by: string | undefined;
}

interface Props {
  newer: Newer;
  before: ModelDraft;
  theirs: ModelDraft;
  onKeep: () => void;
  onTake: () => void;
}

/** Someone else saved first: who, when, what they changed, and the two ways on. */
export function StaleNotice({ newer, before, theirs, onKeep, onTake }: Props) {
  const { t } = useTranslation(["catalog", "common"]);
  const changes = useModelChanges(before, theirs);
  return (
    <div role="alert">
      <Notice
        tone="warn"
        heading={
          <>
            {newer.by === undefined
              ? t("catalog:stale.title")
              : t("catalog:stale.by", { name: newer.by })}{" "}
            <TimeAgo time={newer.theirs.value.updated_at} />
          </>
        }
      >
        {changes.length === 0 ? (
          <p>{t("catalog:stale.elsewhere")}</p>
        ) : (
          <Changes changes={changes} />
        )}
        <div className="mt-2 flex flex-wrap gap-2">
          <Button size="sm" onClick={onKeep}>
            {t("catalog:stale.keep")}
          </Button>
          <Button size="sm" onClick={onTake}>
            {t("common:form.stale_reload")}
          </Button>
        </div>
      </Notice>
    </div>
  );
}
