import type en from "../en/auth";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
