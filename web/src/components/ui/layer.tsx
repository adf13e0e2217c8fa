import { Dialog as Primitive } from "radix-ui";
import type { ComponentProps } from "react";

import { useFocusBack } from "./focus-back";

/** The content of a dialog, a sheet or anything that lies over the page: when it closes, the focus is back where it was. */
export function Layer(props: ComponentProps<typeof Primitive.Content>) {
  return <Primitive.Content {...useFocusBack()} {...props} />;
}
