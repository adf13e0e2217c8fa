import type en from "../en/account";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
