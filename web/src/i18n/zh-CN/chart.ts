import type en from "../en/chart";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
