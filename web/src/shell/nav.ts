/** The menu as data: what there is, who sees it, and where it lies. An entry without a page is not shown. */
import type { Bootstrap, Features, Me, Permission } from "@/api/types";

export type Workspace = "mine" | "admin";

export type NavKey =
  | "dashboard"
  | "tokens"
  | "models"
  | "playground"
  | "connect"
  | "usage"
  | "ranking"
  | "announcements"
  | "balance"
  | "subscription"
  | "top_up"
  | "tickets"
  | "notifications"
  | "invitations"
  | "account"
  | "overview"
  | "requests"
  | "channels"
  | "accounts"
  | "channel_groups"
  | "catalog"
  | "routing"
  | "error_rules"
  | "users"
  | "user_groups"
  | "plans"
  | "subscriptions"
  | "orders"
  | "margin"
  | "quarantine"
  | "payment_channels"
  | "redemption_codes"
  | "ticket_office"
  | "announcement_office"
  | "notification_office"
  | "oauth_apps"
  | "audit"
  | "settings";

export type NavGroupKey =
  | "use"
  | "insight"
  | "billing"
  | "operate"
  | "routes"
  | "people"
  | "support"
  | "system";

export interface NavEntry {
  key: NavKey;
  path: string;
  workspace: Workspace;
  group: NavGroupKey | undefined;
  /** Without it the entry is not there, and neither is the page. */
  permission?: Permission;
  /** All of them must be switched on. */
  features?: readonly (keyof Features)[];
  /** In self mode it is not there. */
  business?: true;
  /** Where pages lie that belong to it, besides those below its own path. */
  also?: string;
  /** The second key of `G …`. */
  letter?: string;
}

export const nav: readonly NavEntry[] = [
  { key: "dashboard", path: "/dashboard", workspace: "mine", group: "use", letter: "D" },
  {
    key: "tokens",
    path: "/tokens",
    workspace: "mine",
    group: "use",
    features: ["tokens"],
    letter: "K",
  },
  {
    key: "models",
    path: "/models",
    workspace: "mine",
    group: "use",
    features: ["models"],
    letter: "M",
  },
  {
    key: "playground",
    path: "/playground",
    workspace: "mine",
    group: "use",
    features: ["playground"],
    letter: "P",
  },
  {
    key: "connect",
    path: "/connect",
    workspace: "mine",
    group: "use",
    features: ["tokens", "models"],
  },
  {
    key: "usage",
    path: "/usage",
    workspace: "mine",
    group: "insight",
    features: ["usage"],
    letter: "U",
  },
  {
    key: "ranking",
    path: "/ranking",
    workspace: "mine",
    group: "insight",
    features: ["ranking"],
  },
  {
    key: "announcements",
    path: "/announcements",
    workspace: "mine",
    group: "insight",
    features: ["announcements"],
  },
  {
    key: "balance",
    path: "/balance",
    workspace: "mine",
    group: "billing",
    features: ["billing"],
    letter: "B",
  },
  {
    key: "subscription",
    path: "/subscription",
    workspace: "mine",
    group: "billing",
    features: ["billing"],
  },
  {
    key: "top_up",
    path: "/topup",
    also: "/pay",
    workspace: "mine",
    group: "billing",
    features: ["billing"],
  },
  {
    key: "tickets",
    path: "/tickets",
    workspace: "mine",
    group: "support",
    features: ["tickets"],
  },
  {
    key: "notifications",
    path: "/account/notifications",
    workspace: "mine",
    group: undefined,
    business: true,
  },
  {
    key: "invitations",
    path: "/account/invitations",
    workspace: "mine",
    group: undefined,
    features: ["invitations"],
  },
  { key: "account", path: "/account", workspace: "mine", group: undefined, letter: "A" },
  {
    key: "overview",
    path: "/admin",
    workspace: "admin",
    group: "operate",
    permission: "operate",
    letter: "O",
  },
  {
    key: "requests",
    path: "/admin/requests",
    workspace: "admin",
    group: "operate",
    permission: "usage.read",
    features: ["admin_usage"],
    letter: "R",
  },
  {
    key: "channels",
    path: "/admin/channels",
    workspace: "admin",
    group: "routes",
    permission: "operate",
    features: ["admin_channels"],
    letter: "C",
  },
  {
    key: "accounts",
    path: "/admin/accounts",
    workspace: "admin",
    group: "routes",
    permission: "operate",
    features: ["admin_channels"],
  },
  {
    key: "channel_groups",
    path: "/admin/channel-groups",
    workspace: "admin",
    group: "routes",
    permission: "operate",
    features: ["admin_channel_groups"],
  },
  {
    key: "catalog",
    path: "/admin/models",
    workspace: "admin",
    group: "routes",
    permission: "operate",
  },
  {
    key: "routing",
    path: "/admin/routing",
    workspace: "admin",
    group: "routes",
    permission: "operate",
    letter: "T",
  },
  {
    key: "error_rules",
    path: "/admin/error-rules",
    workspace: "admin",
    group: "routes",
    permission: "operate",
  },
  {
    key: "users",
    path: "/admin/users",
    workspace: "admin",
    group: "people",
    permission: "operate",
    features: ["admin_users"],
  },
  {
    key: "user_groups",
    path: "/admin/user-groups",
    workspace: "admin",
    group: "people",
    permission: "operate",
    features: ["admin_users"],
  },
  {
    key: "plans",
    path: "/admin/plans",
    workspace: "admin",
    group: "billing",
    permission: "operate",
    features: ["billing"],
  },
  {
    key: "subscriptions",
    path: "/admin/subscriptions",
    workspace: "admin",
    group: "billing",
    permission: "operate",
    features: ["billing"],
  },
  {
    key: "orders",
    path: "/admin/orders",
    workspace: "admin",
    group: "billing",
    permission: "operate",
    features: ["billing"],
  },
  {
    key: "margin",
    path: "/admin/margin",
    workspace: "admin",
    group: "billing",
    permission: "usage.read",
    features: ["billing"],
  },
  {
    key: "quarantine",
    path: "/admin/quarantine",
    workspace: "admin",
    group: "billing",
    permission: "operate",
    features: ["billing"],
  },
  {
    key: "payment_channels",
    path: "/admin/payment-channels",
    workspace: "admin",
    group: "billing",
    permission: "roles.write",
    features: ["billing"],
  },
  {
    key: "redemption_codes",
    path: "/admin/redemption-codes",
    workspace: "admin",
    group: "billing",
    permission: "operate",
    features: ["billing"],
  },
  {
    key: "ticket_office",
    path: "/admin/tickets",
    workspace: "admin",
    group: "support",
    permission: "operate",
    features: ["tickets"],
  },
  {
    key: "announcement_office",
    path: "/admin/announcements",
    workspace: "admin",
    group: "support",
    permission: "operate",
    features: ["admin_announcements"],
  },
  {
    key: "notification_office",
    path: "/admin/notifications",
    workspace: "admin",
    group: "system",
    permission: "settings.write",
    business: true,
  },
  {
    key: "oauth_apps",
    path: "/admin/oauth-apps",
    workspace: "admin",
    group: "system",
    permission: "settings.write",
    // Also while they are switched off: what people let them do can be ended.
    business: true,
  },
  {
    key: "audit",
    path: "/admin/audit",
    workspace: "admin",
    group: "system",
    permission: "audit.read",
  },
  {
    key: "settings",
    path: "/admin/settings",
    workspace: "admin",
    group: "system",
    permission: "operate",
    letter: "S",
  },
];

export interface NavGroup {
  key: NavGroupKey | undefined;
  entries: NavEntry[];
}

/** What of the site decides on its pages. */
export type SiteMode = Pick<Bootstrap, "self_mode">;

/** Whether the site has what the entry leads to, and nobody has switched it off. */
export function isOn({ features = [], business }: NavEntry, me: Me, site: SiteMode) {
  if (business && site.self_mode) return false;
  return features.every((feature) => me.features[feature] === true);
}

/** Whether the reader may open what the entry leads to. */
export function isOpenTo(entry: NavEntry, me: Me, site: SiteMode): boolean {
  if (entry.permission !== undefined && !me.permissions.includes(entry.permission)) return false;
  return isOn(entry, me, site);
}

/** What the reader sees, in groups; a group without entries is not there. `exists` tells whether there is such a page. */
export function navFor(
  me: Me,
  workspace: Workspace,
  exists: (path: string) => boolean,
  site: SiteMode,
): NavGroup[] {
  const groups: NavGroup[] = [];
  for (const entry of nav) {
    if (entry.workspace !== workspace || !isOpenTo(entry, me, site) || !exists(entry.path))
      continue;
    const last = groups.at(-1);
    if (last && last.key === entry.group) last.entries.push(entry);
    else groups.push({ key: entry.group, entries: [entry] });
  }
  return groups;
}

/** The entry a path belongs to: the longest one it begins with. */
export function entryOf(path: string): NavEntry | undefined {
  const plain = path.replace(/\/+$/, "");
  const isBelow = (place: string) => plain === place || plain.startsWith(`${place}/`);
  return nav
    .filter(({ path: own, also }) => isBelow(own) || (also !== undefined && isBelow(also)))
    .sort((left, right) => right.path.length - left.path.length)[0];
}

/** Where a signed-in user begins: never at what only some sites have. */
export function homeOf(me: Me, exists: (path: string) => boolean): string {
  return navFor(me, "mine", exists, { self_mode: true })[0]?.entries[0]?.path ?? "/account";
}
