/** Where a target is and what opens it, as a form holds it and as the server takes it. */
import { ApiProblem } from "@/api/problem";
import type { NotificationKind, NotificationSettings } from "@/api/types";
import type { Owner } from "./api";

/** Letters of a name. */
export const longestName = 64;
/** Addresses of one target. */
export const mostAddresses = 10;
/** Letters of an address of a site. */
export const longestUrl = 1_000;
/** Letters of a token, a key, or the name of a chat. */
export const longestToken = 256;
/** Letters that webhooks are signed with. */
export const leastSecret = 16;
export const mostSecret = 128;

/** Every field there is; a kind has few of them. */
export interface SettingsDraft {
  to: string[];
  url: string;
  secret: string;
  token: string;
  chat_id: string;
  api_base: string;
  device_key: string;
  server: string;
}

export type SettingsField = keyof SettingsDraft;

const userKinds = ["webhook", "feishu", "wecom", "dingtalk", "telegram", "slack", "bark"] as const;

/** What there is to choose from: one's own e-mail address is no target, it is proved elsewhere. */
export const kindsOf: Record<Owner, readonly NotificationKind[]> = {
  site: ["email", ...userKinds],
  me: userKinds,
};

/** The fields of each kind, in order. */
export const fieldsOf = {
  email: ["to"],
  webhook: ["url", "secret"],
  feishu: ["url", "secret"],
  wecom: ["url"],
  dingtalk: ["url", "secret"],
  telegram: ["token", "chat_id", "api_base"],
  slack: ["url"],
  bark: ["device_key", "server"],
} as const satisfies Record<NotificationKind, readonly SettingsField[]>;

/** What may be left empty. */
export const isOptional = (kind: NotificationKind, field: SettingsField): boolean =>
  field === "api_base" || field === "server" || (field === "secret" && kind !== "webhook");

const nothing: SettingsDraft = {
  to: [],
  url: "",
  secret: "",
  token: "",
  chat_id: "",
  api_base: "",
  device_key: "",
  server: "",
};

/** What the form of a kind begins with: nothing typed for one kind goes to another. */
export const freshSettings = (kind: NotificationKind): SettingsDraft => ({
  ...nothing,
  ...(kind === "webhook" && { secret: newSecret() }),
});

/** 32 bytes of chance, in the form in which the libraries of Standard Webhooks read a secret. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}

/** What the server is sent: the fields of the kind, without those left empty. */
export function settingsOf(kind: NotificationKind, draft: SettingsDraft): NotificationSettings {
  const given = fieldsOf[kind].filter((field) => !isOptional(kind, field) || draft[field] !== "");
  const entries = given.map((field) => [field, draft[field]]);
  return { kind, ...Object.fromEntries(entries) } as NotificationSettings;
}

/** The problem with its mistakes at the fields of the form. */
export function atFields(problem: ApiProblem): ApiProblem {
  const fields = problem.fields.map((mistake) => ({
    ...mistake,
    pointer: mistake.pointer.replace(/^\/settings\/(\w+)(?:\/.*)?$/, "/$1"),
  }));
  return new ApiProblem({ ...problem, fields });
}
