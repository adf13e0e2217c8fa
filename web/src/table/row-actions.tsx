import { MoreHorizontal } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import type { RowAction } from "./column";

interface Props {
  /** The row's name, for readers of the screen. */
  label: string;
  actions: readonly RowAction[];
  /** At most so many outside the menu. */
  visible: number;
  isReachable: boolean;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** What can be done with a row: the first with an icon in sight, all of them in a menu. */
export function RowActions(props: Props) {
  const { actions, isReachable } = props;
  const inSight = actions.filter(({ icon, danger }) => icon && !danger).slice(0, props.visible);
  if (actions.length === 0) return null;
  return (
    <span className="inline-flex items-center justify-end gap-0.5">
      {inSight.map((action) => (
        <IconButton
          key={action.id}
          size="sm"
          plain
          title={action.label}
          label={action.label}
          icon={action.icon}
          tabIndex={isReachable ? 0 : -1}
          disabledReason={action.disabledReason}
          onClick={action.run}
        />
      ))}
      <ActionMenu {...props} />
    </span>
  );
}

/** The menu costs something to set up: only a row whose menu was opened once has it. */
function ActionMenu(props: Props) {
  const { t } = useTranslation("table");
  const { isOpen, onOpenChange, actions } = props;
  const [isMade, setIsMade] = useState(isOpen);
  if (isOpen && !isMade) setIsMade(true);
  const name = t("actions_of", { row: props.label });
  const button = {
    size: "sm",
    plain: true,
    label: name,
    icon: <MoreHorizontal aria-hidden="true" />,
    tabIndex: props.isReachable ? 0 : -1,
  } as const;
  if (!isMade) {
    return (
      <IconButton
        {...button}
        aria-haspopup="menu"
        aria-expanded={false}
        onClick={() => onOpenChange(true)}
      />
    );
  }
  return (
    <DropdownMenu open={isOpen} onOpenChange={onOpenChange}>
      <DropdownMenuTrigger asChild>
        <IconButton {...button} />
      </DropdownMenuTrigger>
      <DropdownMenuContent aria-label={name}>
        {actions.map((action) => (
          <DropdownMenuItem
            key={action.id}
            icon={action.icon}
            danger={action.danger ?? false}
            disabled={action.disabledReason !== undefined}
            onSelect={action.run}
            {...(action.keys !== undefined && { keys: action.keys })}
          >
            {action.label}
            {action.disabledReason !== undefined && (
              <span className="block text-fg-3 text-xs">{action.disabledReason}</span>
            )}
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
