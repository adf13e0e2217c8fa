import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { conversationJson, markdownOf } from "./export-conversation";
import type { Playground } from "./use-playground";

/** Save the conversation, or clear it away. */
export function ConversationMenu({ play }: { play: Playground }) {
  const { t } = useTranslation(["playground", "common"]);
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
      <Dialog open={asking} onOpenChange={setAsking}>
        <DialogContent
          title={t("action.clear_title")}
          description={t("action.clear_text")}
          footer={
            <>
              <DialogClose asChild>
                <Button>{t("common:cancel")}</Button>
              </DialogClose>
              <Button
                variant="danger"
                onClick={() => {
                  play.clear();
                  setAsking(false);
                }}
              >
                {t("action.clear")}
              </Button>
            </>
          }
        />
      </Dialog>
    </>
  );
}

function save(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
