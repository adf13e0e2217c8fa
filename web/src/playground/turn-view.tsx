import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Textarea } from "@/components/ui/textarea";
import { Attachments } from "./attachments";
import type { ToolTurn, UserTurn } from "./conversation";

/** What the person asked, to be changed and sent again. */
export function UserView(props: {
  turn: UserTurn;
  running: boolean;
  onEdit: (text: string) => void;
}) {
  const { turn, running, onEdit } = props;
  const { t } = useTranslation(["playground", "common"]);
  const [draft, setDraft] = useState<string>();
  if (draft !== undefined) {
    return (
      <div className="space-y-2">
        <Textarea
          aria-label={t("composer.label")}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
        />
        <div className="flex gap-2">
          <Button
            size="sm"
            disabled={running || draft.trim() === ""}
            onClick={() => {
              onEdit(draft);
              setDraft(undefined);
            }}
          >
            {t("turn.save")}
          </Button>
          <Button size="sm" variant="ghost" onClick={() => setDraft(undefined)}>
            {t("common:cancel")}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className="space-y-2">
      <Attachments prompt={turn} />
      <p data-raw="" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
        {turn.text}
      </p>
      <div className="-ml-2.5 flex gap-1">
        <CopyButton text={turn.text} what={t("turn.user")} />
        <Button size="sm" variant="ghost" disabled={running} onClick={() => setDraft(turn.text)}>
          {t("turn.edit")}
        </Button>
      </div>
    </div>
  );
}

/** What a function returned. */
export function ToolView({ turn }: { turn: ToolTurn }) {
  return (
    <pre className="overflow-x-auto rounded-control bg-surface-2 px-3 py-2 font-mono text-sm">
      {turn.output}
    </pre>
  );
}
