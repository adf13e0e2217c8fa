import type en from "../en/users";
import type { Texts } from "../texts";

export default {} as const satisfies Texts<typeof en>;
