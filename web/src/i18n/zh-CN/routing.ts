import type en from "../en/routing";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
