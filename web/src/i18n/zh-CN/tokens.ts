import type en from "../en/tokens";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
