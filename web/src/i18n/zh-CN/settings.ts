import type en from "../en/settings";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
