import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { IconButton } from "./icon-button";
import { Layer } from "./layer";
import { Veil } from "./veil";

export const Sheet = Primitive.Root;
export const SheetTrigger = Primitive.Trigger;
export const SheetClose = Primitive.Close;

interface Props extends Omit<ComponentProps<typeof Primitive.Content>, "title"> {
  title: ReactNode;
  description?: ReactNode;
  /** Buttons beside the title: next, previous, full page. */
  actions?: ReactNode;
  /** Stays in view below what scrolls. */
  footer?: ReactNode;
  /** What is typed inside must not be lost by a press beside the sheet. */
  keepOpen?: boolean;
}

/** A panel from the right edge, the full width on a phone. Its state belongs into the URL. */
export function SheetContent({
  title,
  description,
  actions,
  footer,
  keepOpen = false,
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
        onInteractOutside={(event) => keepOpen && event.preventDefault()}
        className={cn(
          "fixed inset-y-0 right-0 z-dialog flex w-full max-w-180 animate-slide-in flex-col border-line border-l bg-surface shadow-floating outline-none",
          className,
        )}
        {...rest}
      >
        <div className="flex min-h-12 items-center gap-2 border-line border-b py-1 pr-2 pl-4">
          <div className="min-w-0 flex-1">
            <Primitive.Title className="truncate font-semibold text-lg">{title}</Primitive.Title>
            {description !== undefined && (
              <Primitive.Description className="truncate text-fg-2 text-sm">
                {description}
              </Primitive.Description>
            )}
          </div>
          {actions}
          <Primitive.Close asChild>
            <IconButton label={t("close")} plain icon={<X aria-hidden="true" />} />
          </Primitive.Close>
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4">{children}</div>
        {footer !== undefined && (
          <div className="flex flex-wrap items-center justify-end gap-2 border-line border-t bg-surface px-4 py-3">
            {footer}
          </div>
        )}
      </Layer>
    </Primitive.Portal>
  );
}
