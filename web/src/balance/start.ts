/** When time of a plan begins that somebody has already: beside what runs, or after it. */
import * as z from "zod/mini";

import type { PlanOrder } from "@/api/types";

export const starts = ["at_once", "deferred"] as const;
export type Start = NonNullable<PlanOrder["start"]>;

/** Nothing is chosen beforehand: where it is asked for it must be said. */
export const startRule = (isAsked: boolean) =>
  z
    .nullable(z.enum(starts))
    .check(z.refine((start) => !isAsked || start !== null, { error: "required" }));
