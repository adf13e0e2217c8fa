import type en from "../en/admin";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
