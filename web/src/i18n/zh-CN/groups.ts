import type en from "../en/groups";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
