import { useRouter } from "@tanstack/react-router";

import type { Trace } from "@/api/types";
import { printRange } from "@/filter/range";
import { may } from "@/session/session";
import { useMe } from "@/session/use-me";
import { existsIn } from "@/shell/exists";
import { similarTo } from "@/trace/similar";
import type { TraceLinks } from "@/trace/trace-actions";
import type { Whose } from "./queries";
import { fullAddress } from "./trace-beside";

/** Where one can go from a request; places that are switched off are left out. */
export function useTraceLinks(whose: Whose, trace: Trace | undefined): TraceLinks | undefined {
  const me = useMe();
  const router = useRouter();
  if (!trace) return undefined;
  const { call } = trace;
  const exists = existsIn(router.routesByPath);
  const list = whose === "mine" ? "/usage" : "/admin/requests";
  const { filter, since, until } = similarTo(call);
  const isOwn = call.user_id === me.id;
  const simulation = {
    model: call.model,
    dialect: call.dialect,
    api_key: call.api_key_id,
    request: call.request_id,
  };
  return {
    self: fullAddress(whose, call.request_id),
    similar: address(list, { f: filter, t: printRange({ since, until }) }),
    ...(isOwn &&
      me.features.playground &&
      exists("/playground") && {
        playground: address("/playground", { model: call.model, key: call.api_key_id }),
      }),
    ...(whose === "mine" &&
      isOwn &&
      me.features.tickets &&
      exists("/tickets/new") && {
        ticket: address("/tickets/new", { request: call.request_id }),
      }),
    ...(may(me, "operate") &&
      exists("/admin/routing") && { simulate: address("/admin/routing", simulation) }),
  };
}

function address(path: string, search: Record<string, string>): string {
  return `${path}?${new URLSearchParams(search)}`;
}
