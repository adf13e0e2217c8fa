import { createContext, useContext } from "react";

/** What a control must carry so that its label, help and error belong to it. */
export interface ControlProps {
  id?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  "aria-required"?: true;
}

export const FieldContext = createContext<ControlProps>({});

/** The attributes of the control inside the nearest `Field`; what is given wins. */
export function useControl<Props extends ControlProps>(given: Props): Props {
  return { ...useContext(FieldContext), ...given };
}
