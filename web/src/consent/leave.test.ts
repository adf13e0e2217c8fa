import { expect, it } from "vitest";

import { leaveFor } from "./leave";

it.each(["javascript:alert(1)", "data:text/html,x", "blob:https://app.example/1", "file:///x"])(
  "nobody is sent to %s",
  (address) => {
    expect(() => leaveFor(address)).toThrow("no app is at such an address");
  },
);
