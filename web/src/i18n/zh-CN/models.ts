import type en from "../en/models";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
