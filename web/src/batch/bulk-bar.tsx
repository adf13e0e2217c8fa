import { Ban, CirclePlay, KeyRound, Layers, ListOrdered, Trash2, Users } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { type Act, isEnd } from "./batch";

const icons: Record<Act, ReactNode> = {
  enable: <CirclePlay />,
  disable: <Ban />,
  order: <ListOrdered />,
  groups: <Layers />,
  user_group: <Users />,
  revoke: <KeyRound />,
  delete: <Trash2 />,
};

/** What can be done with the rows selected: the harmless in sight, what ends something in a menu. */
export function BulkBar(props: { acts: readonly Act[]; onAct: (act: Act) => void }) {
  const { t } = useTranslation("batch");
  const ends = props.acts.filter(isEnd);
  return (
    <>
      {props.acts
        .filter((act) => !isEnd(act))
        .map((act) => (
          <Button key={act} size="sm" icon={icons[act]} onClick={() => props.onAct(act)}>
            {t(`act.${act}`)}
          </Button>
        ))}
      {ends.length > 0 && (
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button size="sm">{t("more")}</Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent>
            {ends.map((act) => (
              <DropdownMenuItem
                key={act}
                danger
                icon={icons[act]}
                onSelect={() => props.onAct(act)}
              >
                {t(`act.${act}`)}
              </DropdownMenuItem>
            ))}
          </DropdownMenuContent>
        </DropdownMenu>
      )}
    </>
  );
}
