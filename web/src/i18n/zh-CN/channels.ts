import type en from "../en/channels";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
