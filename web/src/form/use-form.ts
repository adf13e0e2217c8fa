import { zodResolver } from "@hookform/resolvers/zod";
import {
  type DefaultValues,
  type FieldValues,
  type UseFormReturn,
  useForm as useHookForm,
} from "react-hook-form";
import type { ZodMiniType } from "zod/mini";

/** A form whose values are checked by a schema: when a field is left, and from then on while typing. */
export function useForm<Values extends FieldValues, Checked = Values>(
  schema: ZodMiniType<Checked, Values>,
  defaultValues: DefaultValues<Values>,
): UseFormReturn<Values, unknown, Checked> {
  return useHookForm<Values, unknown, Checked>({
    // biome-ignore lint/suspicious/noExplicitAny: the resolver's overloads know no mini schemas by name
    resolver: zodResolver(schema as any) as never,
    defaultValues,
    mode: "onTouched",
    shouldFocusError: true,
  });
}
