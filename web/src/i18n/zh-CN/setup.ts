import type en from "../en/setup";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
