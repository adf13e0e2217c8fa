import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { saveFile } from "@/components/save-file";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { conversationJson, markdownOf } from "./export-conversation";
import type { Playground } from "./use-playground";

/** Save the conversation, or clear it away. */
export function ConversationMenu({ play }: { play: Playground }) {
  const { t } = useTranslation("playground");
  const [asking, setAsking] = useState(false);
  if (play.threads.every(({ tree }) => tree.all.length === 0)) return null;
  const names = {
    user: t("turn.user"),
    assistant: t("turn.assistant"),
    tool: t("turn.tool_result"),
    thinking: t("turn.thinking"),
    call: t("turn.call", { name: "" }).trim(),
  };
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <IconButton label={t("action.more")} plain icon={<Ellipsis aria-hidden="true" />} />
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem
            onSelect={() =>
              save(
                "conversation.md",
                markdownOf(play.kept, (role) => names[role]),
              )
            }
          >
            {t("action.export_markdown")}
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => save("conversation.json", conversationJson(play.kept))}>
            {t("action.export_json")}
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => setAsking(true)}>{t("action.clear")}</DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("action.clear_title")}
        consequence={t("action.clear_text")}
        verb={t("action.clear")}
        onConfirm={async () => play.clear()}
      />
    </>
  );
}

const save = (name: string, text: string) =>
  saveFile(new Blob([text], { type: "text/plain" }), name);
