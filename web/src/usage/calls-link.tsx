import { Link, useRouter } from "@tanstack/react-router";

import type { LinkElement } from "@/chart/bar-list";
import { exactly, printTerm } from "@/filter/grammar";
import { may } from "@/session/session";
import { useMe } from "@/session/use-me";
import { existsIn } from "@/shell/exists";
import type { Whose } from "./queries";
import type { UsageSearch } from "./usage-search";

/** A link to the calls behind a figure; `undefined` where the reader may not see the list of calls. */
export function useCallsLink(whose: Whose): (search: UsageSearch) => LinkElement | undefined {
  const me = useMe();
  const router = useRouter();
  const to = whose === "mine" ? "/usage" : "/admin/requests";
  const isOn =
    whose === "mine" ? me.features.usage : me.features.admin_usage && may(me, "usage.read");
  if (!isOn || !existsIn(router.routesByPath)(to)) return () => undefined;
  return (search) => <Link to={to} search={search} />;
}

/** The filter that keeps the calls with exactly this value: `model:gpt-5.2`. */
export const only = (field: string, value: string): string =>
  printTerm({ field, operator: ":", values: [exactly(value)] });

/** The filter that keeps what did not go well. */
export const onlyErrors = "outcome:refused,rejected,failed,broken";
