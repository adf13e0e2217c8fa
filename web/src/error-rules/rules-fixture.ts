/** Rules about errors, for tests and for the eye. */
import type { ErrorRuleView } from "@/api/types";

export function rule(name: string, changes: Partial<ErrorRuleView> = {}): ErrorRuleView {
  return {
    id: `er_${name}`,
    name,
    priority: 0,
    match: { status: [400] },
    // biome-ignore lint/suspicious/noThenProperty: the word of the API, and no function
    then: { status: 422 },
    created_at: "2026-11-01T08:00:00Z",
    updated_at: "2026-11-20T08:00:00Z",
    ...changes,
  } as ErrorRuleView;
}
