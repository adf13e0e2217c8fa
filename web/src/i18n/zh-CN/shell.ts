import type en from "../en/shell";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
