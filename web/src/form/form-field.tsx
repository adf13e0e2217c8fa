import { Slot } from "radix-ui";
import type { ComponentProps, ReactElement } from "react";
import { get, useFormContext } from "react-hook-form";

import { Field } from "@/components/ui/field";
import { useRuleText } from "./rule-text";

interface Props extends Omit<ComponentProps<typeof Field>, "error" | "children"> {
  /** The name of the value: `endpoints.0.base_url`. */
  name: string;
  /** One control that takes `name`, `ref`, `onChange` and `onBlur`: an `Input`, a `Textarea`, a `Select`. */
  children: ReactElement;
}

/** A field of the form around it: label, control, what is wrong, help. */
export function FormField({ name, children, ...rest }: Props) {
  const { register, formState } = useFormContext();
  const words = useRuleText();
  const { message } = (get(formState.errors, name) ?? {}) as { message?: unknown };
  return (
    <Field {...rest} error={words(typeof message === "string" ? message : undefined)}>
      <Slot.Root {...register(name)}>{children}</Slot.Root>
    </Field>
  );
}
