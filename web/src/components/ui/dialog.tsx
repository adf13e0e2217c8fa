import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { IconButton } from "./icon-button";
import { Layer } from "./layer";
import { Veil } from "./veil";

export const Dialog = Primitive.Root;
export const DialogTrigger = Primitive.Trigger;
export const DialogClose = Primitive.Close;

interface Props extends Omit<ComponentProps<typeof Primitive.Content>, "title"> {
  title: ReactNode;
  description?: ReactNode;
  /** The buttons at the end: the way out first, the deed last. */
  footer?: ReactNode;
  /** What is typed inside must not be lost by a press beside the dialog. */
  keepOpen?: boolean;
  /** Only its own buttons end it: there is no cross, and neither Escape nor a press beside it closes it. */
  isHeld?: boolean;
}

/** For three fields at most, or a question. Richer things open in a sheet. */
export function DialogContent({
  title,
  description,
  footer,
  keepOpen = false,
  isHeld = false,
  className,
  children,
  ...rest
}: Props) {
  const { t } = useTranslation("common");
  return (
    <Primitive.Portal>
      <Veil />
      <Layer
        {...(description === undefined && { "aria-describedby": undefined })}
        onInteractOutside={(event) => (keepOpen || isHeld) && event.preventDefault()}
        onEscapeKeyDown={(event) => isHeld && event.preventDefault()}
        className={cn(
          "fixed inset-x-3 top-[12vh] z-dialog mx-auto flex max-h-[80vh] max-w-120 animate-rise flex-col rounded-panel border border-line bg-surface shadow-floating outline-none",
          className,
        )}
        {...rest}
      >
        <div className="flex items-start gap-3 py-3 pr-2 pl-4">
          <div className="min-w-0 flex-1 pt-1">
            <Primitive.Title className="font-semibold text-lg [overflow-wrap:anywhere]">
              {title}
            </Primitive.Title>
            {description !== undefined && (
              <Primitive.Description className="mt-1 text-fg-2">
                {description}
              </Primitive.Description>
            )}
          </div>
          {!isHeld && (
            <Primitive.Close asChild>
              <IconButton label={t("close")} plain icon={<X aria-hidden="true" />} />
            </Primitive.Close>
          )}
        </div>
        {children !== undefined && (
          <div className="min-h-0 overflow-y-auto px-4 pt-px pb-4">{children}</div>
        )}
        {footer !== undefined && (
          <div className="flex flex-wrap justify-end gap-2 border-line border-t px-4 py-3">
            {footer}
          </div>
        )}
      </Layer>
    </Primitive.Portal>
  );
}
