import { createHmac } from "node:crypto";
import { type APIRequestContext, expect } from "@playwright/test";

/** What the notices of our gateway are signed with. */
export const secret = "a secret of the gateway";

/** What a gateway tells of an order that was paid, signed as it must be. */
export async function tell(
  request: APIRequestContext,
  address: string,
  order: string,
  amount: string,
) {
  const body = JSON.stringify({
    id: `evt-${order}`,
    order,
    payment: `tx-${order}`,
    status: "paid",
    amount,
    currency: "CNY",
    test: false,
  });
  const at = Math.floor(Date.now() / 1000);
  const sign = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  const told = await request.post(address, {
    data: Buffer.from(body),
    headers: { "content-type": "application/json", "realms-signature": `t=${at},v1=${sign}` },
  });
  expect(await told.text()).toBe("success");
}
