import type en from "../en/playground";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
