import type en from "../en/audit";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
