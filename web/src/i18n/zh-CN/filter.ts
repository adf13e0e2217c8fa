import type en from "../en/filter";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
