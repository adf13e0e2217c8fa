import type { ReactNode } from "react";
import { useFormContext } from "react-hook-form";

import { Segmented } from "@/components/ui/segmented";

interface Props<Value extends string> {
  /** The name of the value in the form around it. */
  name: string;
  label: string;
  options: readonly { value: Value; label: ReactNode }[];
  help?: ReactNode;
}

/** A choice of few in the form around it, with its label in sight. */
export function Choice<Value extends string>({ name, label, options, help }: Props<Value>) {
  const { watch, setValue } = useFormContext();
  return (
    <div className="space-y-1">
      <p aria-hidden="true" className="font-medium text-sm">
        {label}
      </p>
      <Segmented
        label={label}
        value={watch(name) as Value}
        onChange={(next) => setValue(name, next, { shouldDirty: true })}
        options={options}
      />
      {help !== undefined && <p className="text-fg-3 text-xs">{help}</p>}
    </div>
  );
}
