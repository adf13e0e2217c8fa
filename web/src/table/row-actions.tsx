import { MoreHorizontal } from "lucide-react";
import { useTranslation } from "react-i18next";

import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import type { RowAction } from "./column";

/** What can be done with a row: the first with an icon in sight, all of them in a menu. */
export function RowActions(props: {
  /** The row's name, for readers of the screen. */
  label: string;
  actions: readonly RowAction[];
  /** At most so many outside the menu. */
  visible: number;
  isReachable: boolean;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const { t } = useTranslation("table");
  const tabIndex = props.isReachable ? 0 : -1;
  const inSight = props.actions
    .filter(({ icon, danger }) => icon && !danger)
    .slice(0, props.visible);
  if (props.actions.length === 0) return null;
  return (
    <span className="inline-flex items-center justify-end gap-0.5">
      {inSight.map((action) => (
        <IconButton
          key={action.id}
          size="sm"
          label={action.label}
          icon={action.icon}
          tabIndex={tabIndex}
          disabledReason={action.disabledReason}
          {...(action.keys !== undefined && { keys: action.keys })}
          onClick={action.run}
        />
      ))}
      <DropdownMenu open={props.isOpen} onOpenChange={props.onOpenChange}>
        <DropdownMenuTrigger asChild>
          <IconButton
            size="sm"
            plain
            label={t("actions_of", { row: props.label })}
            icon={<MoreHorizontal aria-hidden="true" />}
            tabIndex={tabIndex}
          />
        </DropdownMenuTrigger>
        <DropdownMenuContent aria-label={t("actions_of", { row: props.label })}>
          {props.actions.map((action) => (
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
    </span>
  );
}
