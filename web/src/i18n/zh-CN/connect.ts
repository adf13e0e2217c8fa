import type en from "../en/connect";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
