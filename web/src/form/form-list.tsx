import type { ReactNode } from "react";
import { useController } from "react-hook-form";

import { Field } from "@/components/ui/field";
import { ListInput, type ListInputProps } from "./list-input";
import { useRuleText } from "./rule-text";

interface Props extends Pick<ListInputProps, "check" | "tidy" | "suggestions" | "placeholder"> {
  /** The name of the value, a list of texts. */
  name: string;
  label: ReactNode;
  help?: ReactNode;
}

/** A list of short texts as a field of the form around it. */
export function FormList({ name, label, help, ...rest }: Props) {
  const { field, fieldState } = useController({ name });
  const words = useRuleText();
  return (
    <Field label={label} help={help} error={words(fieldState.error?.message)}>
      <ListInput {...rest} {...field} />
    </Field>
  );
}
