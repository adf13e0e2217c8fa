import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { FieldContext } from "./field-context";
import { Label } from "./label";

interface Props {
  label: ReactNode;
  /** One sentence below the control, there from the start. */
  help?: ReactNode;
  /** What is wrong, in words a person can act on. */
  error?: string | undefined;
  /** Required is the rule; the exception is said. */
  optional?: boolean;
  /** After the control: `ms`, `USD per million`. */
  unit?: ReactNode;
  /** Beside the label: a small link or button. */
  aside?: ReactNode;
  /** An id for the control, where something must point to it. */
  id?: string;
  className?: string;
  /** The one control: an `Input`, `Textarea`, `Select` or anything that asks `useControl`. */
  children: ReactNode;
}

/** A control with its label above it and its help and error below. */
export function Field(props: Props) {
  const { t } = useTranslation("common");
  const made = useId();
  const id = props.id ?? made;
  const describedBy = [
    props.error !== undefined && `${id}-error`,
    props.unit !== undefined && `${id}-unit`,
    props.help !== undefined && `${id}-help`,
  ].filter(Boolean);
  return (
    <div className={cn("min-w-0 space-y-1", props.className)}>
      <div className="flex items-baseline justify-between gap-3">
        <Label htmlFor={id}>
          {props.label}
          {props.optional && <span className="ml-1 font-normal text-fg-3">{t("optional")}</span>}
        </Label>
        {props.aside}
      </div>
      <FieldContext
        value={{
          id,
          ...(describedBy.length > 0 && { "aria-describedby": describedBy.join(" ") }),
          ...(props.error !== undefined && { "aria-invalid": true }),
        }}
      >
        {props.unit === undefined ? (
          props.children
        ) : (
          <div className="flex items-center gap-2">
            <div className="min-w-0 flex-1">{props.children}</div>
            <span id={`${id}-unit`} className="shrink-0 text-fg-2 text-sm">
              {props.unit}
            </span>
          </div>
        )}
      </FieldContext>
      {props.error !== undefined && (
        <p id={`${id}-error`} className="text-err text-sm">
          {props.error}
        </p>
      )}
      {props.help !== undefined && (
        <p id={`${id}-help`} className="text-fg-3 text-xs [overflow-wrap:anywhere]">
          {props.help}
        </p>
      )}
    </div>
  );
}
