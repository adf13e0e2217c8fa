/** The way of a new server to its first answered call, and how far it has come. */
import type { SetupState } from "@/api/types";

export const steps = ["root", "address", "channel", "test", "key", "call", "done"] as const;
export type Step = (typeof steps)[number];

/** The steps there are once the server has a root account. */
export type OpenStep = Exclude<Step, "root">;

/** A step from the address of the page; the first is none of these, it cannot be done again. */
export function stepOf(name: unknown): OpenStep | undefined {
  return steps.find((step): step is OpenStep => step === name && step !== "root");
}

/** Where to go on: the first step without evidence. */
export function nextStep(state: SetupState): OpenStep {
  return steps.find((step): step is OpenStep => step !== "root" && !state[step]) ?? "done";
}

/** The step after one, done or not. */
export function after(step: OpenStep): OpenStep {
  return stepOf(steps[steps.indexOf(step) + 1]) ?? "done";
}
