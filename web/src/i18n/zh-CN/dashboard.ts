import type en from "../en/dashboard";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
