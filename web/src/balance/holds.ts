import type { Balance } from "@/api/types";

/** The server tells of so many running calls and of no more. */
const mostHolds = 100;

/** Whether more calls run than are told of. */
export const isCut = (holds: Balance["holds"]) => holds.length >= mostHolds;
