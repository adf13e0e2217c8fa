import type en from "../en/ui";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
