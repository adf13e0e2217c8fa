import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Seeded } from "./seeded";

export type Who = "anyone" | "ana" | "root";

/** A page to look at. */
export interface View {
  /** The path as the router has it. */
  route: string;
  /** Where it is. */
  path: string;
}

/** Pages that need no look here, each with its reason. */
const others: Record<string, string> = {
  "/": "leads on to another page",
  "/dev/ui": "only in builds with the gallery: see layers.spec.ts",
  "/oauth/authorize": "where an app sends people, with what it asks for: see oauth-apps.spec.ts",
};

/** What stands for a parameter of a path, by the route up to it. */
const objects: Record<string, (seeded: Seeded, who: "ana" | "root") => string> = {
  "/usage/$requestId": ({ calls }, who) => calls[who].failedOver,
  "/admin/requests/$requestId": ({ calls }) => calls.ana.failed,
  "/admin/channels/$name": ({ names }) => names.channel,
  "/admin/channel-groups/$name": ({ names }) => names.channelGroup,
  "/admin/models/$name": ({ names }) => names.model,
  "/admin/user-groups/$name": ({ names }) => names.userGroup,
  "/admin/users/$name": ({ ana }) => ana.username,
  "/announcements/$id": ({ announcement }) => announcement ?? "an_0000000000001",
  "/tickets/$id": ({ tickets }, who) => tickets?.[who] ?? "ti_0000000000001",
  "/admin/tickets/$id": ({ tickets }) => tickets?.ana ?? "ti_0000000000001",
  "/pay/$id": ({ orders }, who) => orders?.[who] ?? "or_0000000000001",
  "/pay/$id/$outcome": () => "success",
};

const open = ["/login", "/register", "/forgot", "/prices", "/status", "/key"];

/** In self mode there is nothing of money, nor of customers. */
export const ofBusiness = [
  "/balance",
  "/subscription",
  "/topup",
  "/pay",
  "/tickets",
  "/announcements",
  "/account/notifications",
  "/account/invitations",
  "/ranking",
  "/prices",
  "/status",
  "/key",
  "/admin/users/$name/balance",
  "/admin/plans",
  "/admin/subscriptions",
  "/admin/redemption-codes",
  "/admin/orders",
  "/admin/margin",
  "/admin/quarantine",
  "/admin/payment-channels",
  "/admin/tickets",
  "/admin/announcements",
  "/admin/oauth-apps",
  "/admin/notifications",
];

export const isOfBusiness = ({ route }: View): boolean =>
  ofBusiness.some((base) => route === base || route.startsWith(`${base}/`));

/** Pages in a state that only a search makes, besides the plain ones. */
const states: Record<"ana" | "root", (seeded: Seeded) => string[]> = {
  ana: ({ calls }) => [`/usage?req=${calls.ana.broken}`],
  root: ({ calls, names }) => [
    `/admin/models?row=${encodeURIComponent(names.model)}`,
    "/setup?step=channel",
    "/setup?step=done",
    "/admin/requests?f=outcome:failed",
    `/admin/requests?req=${calls.root.refused}`,
    `/admin/routing?user_group=default&model=m&dialect=chat`,
    "/admin/channels/limited",
    "/admin/channels/stale-key/credentials",
    "/admin/channels/bare/models",
    "/admin/no-such-page",
  ],
};

/** Every route that the router was generated with. */
export function allRoutes(): string[] {
  const tree = readFileSync(join(import.meta.dirname, "../src/route-tree.gen.ts"), "utf8");
  const table = /interface FileRoutesByTo \{([^}]*)\}/.exec(tree)?.[1] ?? "";
  return [...table.matchAll(/"([^"]+)":/g)].flatMap(([, route]) => route ?? []);
}

/** The pages somebody can open. A route whose parameters nothing stands for is an error. */
export function viewsOf(who: Who, seeded: Seeded): View[] {
  const own = allRoutes().filter((route) => !(route in others) && whoOpens(route).includes(who));
  if (who === "anyone") return own.map((route) => ({ route, path: route }));
  return [
    ...own.map((route) => ({ route, path: fill(route, seeded, who) })),
    ...states[who](seeded).map((path) => ({ route: path.split("?")[0] ?? "", path })),
  ];
}

function whoOpens(route: string): Who[] {
  if (open.includes(route)) return ["anyone"];
  return route === "/setup" || route.startsWith("/admin") ? ["root"] : ["ana", "root"];
}

function fill(route: string, seeded: Seeded, who: "ana" | "root"): string {
  let upTo = "";
  let path = "";
  for (const part of route.split("/").slice(1)) {
    upTo += `/${part}`;
    const object = objects[upTo];
    if (part.startsWith("$") && !object) throw new Error(`e2e/routes.ts: what stands for ${upTo}?`);
    path += `/${object ? encodeURIComponent(object(seeded, who)) : part}`;
  }
  return path;
}
