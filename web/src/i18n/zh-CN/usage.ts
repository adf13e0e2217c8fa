import type en from "../en/usage";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
