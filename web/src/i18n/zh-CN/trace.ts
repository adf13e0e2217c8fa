import type en from "../en/trace";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
