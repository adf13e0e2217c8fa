import type en from "../en/catalog";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
