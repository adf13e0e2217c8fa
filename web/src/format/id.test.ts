import { expect, it } from "vitest";

import { shortId } from "./id";

it("keeps what fits and cuts the middle of what does not", () => {
  expect(shortId("ch_12")).toBe("ch_12");
  expect(shortId("req_8f12")).toBe("req_8f12");
  expect(shortId("01890a5d-ac96-774b-bcce-b302099a8057")).toBe("01890a…8057");
});
