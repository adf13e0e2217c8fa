import {
  Ban,
  CirclePlay,
  Gauge,
  KeyRound,
  Layers,
  ListOrdered,
  MoreHorizontal,
  Trash2,
  Users,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { useIsNarrow } from "@/table/media";
import { type Act, isEnd } from "./batch";

const icons: Record<Act, ReactNode> = {
  enable: <CirclePlay />,
  disable: <Ban />,
  order: <ListOrdered />,
  groups: <Layers />,
  user_group: <Users />,
  limits: <Gauge />,
  revoke: <KeyRound />,
  delete: <Trash2 />,
};

/** What can be done with the rows selected: what ends something in a menu, the rest in sight where there is room. */
export function BulkBar(props: {
  acts: readonly Act[];
  onAct: (act: Act) => void;
  others: readonly { id: string; label: string; icon: ReactNode; run: () => void }[];
}) {
  const { t } = useTranslation("batch");
  const isNarrow = useIsNarrow();
  const isHidden = (act: Act) => isNarrow || isEnd(act);
  const hidden = props.acts.filter(isHidden);
  const { others } = props;
  return (
    <>
      {props.acts
        .filter((act) => !isHidden(act))
        .map((act) => (
          <Button key={act} size="sm" icon={icons[act]} onClick={() => props.onAct(act)}>
            {t(`act.${act}`)}
          </Button>
        ))}
      {!isNarrow &&
        others.map(({ id, label, icon, run }) => (
          <Button key={id} size="sm" icon={icon} onClick={run}>
            {label}
          </Button>
        ))}
      {(hidden.length > 0 || (isNarrow && others.length > 0)) && (
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button size="sm" icon={<MoreHorizontal aria-hidden="true" />}>
              {t(isNarrow ? "actions" : "more")}
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent>
            {isNarrow &&
              others.map(({ id, label, icon, run }) => (
                <DropdownMenuItem key={id} icon={icon} onSelect={run}>
                  {label}
                </DropdownMenuItem>
              ))}
            {hidden.map((act) => (
              <DropdownMenuItem
                key={act}
                danger={isEnd(act)}
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
