/** What a gateway is set up with, by its kind. */
import type { PaymentChannelView } from "@/api/types";

export type GatewayKind = PaymentChannelView["kind"];

export interface GatewayDraft {
  address: string;
  merchant: string;
  call_secret: string;
  sign_secret: string;
}

/** What a gateway of each kind cannot do without. */
const needed = {
  stripe: ["call_secret", "sign_secret"],
  epay: ["address", "merchant", "sign_secret"],
  webhook: ["sign_secret"],
} as const satisfies Record<GatewayKind, readonly (keyof GatewayDraft)[]>;

/** What is still to be filled in. */
export const missingIn = (kind: GatewayKind, draft: GatewayDraft): (keyof GatewayDraft)[] =>
  needed[kind].filter((name) => draft[name] === "");

/** The set-up as it is sent: nothing that was typed for another kind. */
export const gatewayOf = (kind: GatewayKind, draft: GatewayDraft): Partial<GatewayDraft> =>
  Object.fromEntries(needed[kind].map((name) => [name, draft[name]]));
