/** Accounts at vendors: how one is, what is used up of it, and what people paste. */
import type { AccountImport, AccountView, QuotaWindow } from "@/api/types";
import { formatCountdown } from "@/format/duration";

/** How an account is, the most pressing first. */
export const standings = ["needs_login", "unanswered", "failing", "off", "active"] as const;
export type Standing = (typeof standings)[number];

/** An answer takes seconds; after this long its node was probably killed. */
const usualAnswerMs = 60_000;

export function standingOf(account: AccountView, now: number): Standing {
  const { state, unanswered_since, last_error, enabled } = account;
  if (state === "needs_login") return "needs_login";
  if (unanswered_since !== undefined && now - Date.parse(unanswered_since) > usualAnswerMs) {
    return "unanswered";
  }
  if (!enabled) return "off";
  return last_error === undefined ? "active" : "failing";
}

/** What needs somebody first; otherwise as the server has them. */
export function sorted(accounts: readonly AccountView[], now: number): AccountView[] {
  const place = (account: AccountView) => standings.indexOf(standingOf(account, now));
  return [...accounts].sort((left, right) => place(left) - place(right));
}

/** What people know an account by. */
export const nameOf = ({ email, account_id }: AccountView) => email ?? account_id;

// === quota ===

/** From which share on little is left, or next to nothing. */
const little = 0.7;
const nothing = 0.9;

export interface Used {
  /** 0 to 1. */
  readonly share: number;
  readonly tone: "ok" | "warn" | "err";
  /** The window has started anew since the vendor said this. */
  readonly isOver: boolean;
}

export function usedOf({ used_ppm, resets_at }: QuotaWindow, now: number): Used {
  const share = Math.min(1, Math.max(0, used_ppm / 1_000_000));
  return {
    share,
    tone: share >= nothing ? "err" : share >= little ? "warn" : "ok",
    isOver: resets_at !== undefined && Date.parse(resets_at) <= now,
  };
}

/** What is left until then, in its largest unit: "2 h". */
export const leftUntil = (time: string, now: number): string =>
  formatCountdown(Date.parse(time) - now)
    .split(" ", 2)
    .join(" ");

/** How long a window is, in the largest unit that says it whole. */
export function lengthOf(seconds: number): { unit: "days" | "hours" | "minutes"; count: number } {
  if (seconds % 86_400 === 0) return { unit: "days", count: seconds / 86_400 };
  if (seconds % 3_600 === 0) return { unit: "hours", count: seconds / 3_600 };
  return { unit: "minutes", count: Math.round(seconds / 60) };
}

// === what is pasted ===

/** Why an address cannot end a log-in. */
export type AddressMistake = "required" | "not_it" | "cut_off" | "denied" | "other";

/** The parameters of an address, or of what follows its question mark. */
const parametersOf = (text: string) => new URLSearchParams(text.trim().split("?").at(-1) ?? "");

/** What is wrong with the address a browser ended at, when the log-in began at `begun`. The server judges the rest. */
export function addressMistake(pasted: string, begun: string): AddressMistake | undefined {
  if (pasted.trim() === "") return "required";
  const given = parametersOf(pasted);
  const [state, code] = [given.get("state"), given.get("code")];
  if (given.has("error")) return "denied";
  if (!state && !code) return "not_it";
  if (!state || !code) return "cut_off";
  return state === parametersOf(begun).get("state") ? undefined : "other";
}

export type Tokens = Partial<Pick<AccountImport, (typeof tokenNames)[number]>>;
const tokenNames = ["refresh_token", "access_token", "id_token", "account_id"] as const;

/** The tokens in an `auth.json` of the Codex CLI, or in its inner part; nothing without a refresh token. */
export function tokensIn(pasted: string): Tokens | undefined {
  const document = parsed(pasted);
  const holder = isObject(document) && isObject(document.tokens) ? document.tokens : document;
  if (!isObject(holder)) return undefined;
  const found = tokenNames.flatMap((name) => {
    const value = holder[name];
    return typeof value === "string" && value.trim() !== "" ? [[name, value.trim()] as const] : [];
  });
  const tokens: Tokens = Object.fromEntries(found);
  return tokens.refresh_token === undefined ? undefined : tokens;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
