/** Codes of invitations in addresses. On its own, because the route of signing up checks its address before its page is there. */

const form = /^[\w-]{1,64}$/;

/** For `validateSearch`: a code, or nothing. One of digits alone was read as a number. */
export function inviteSearch({ invite }: Record<string, unknown>): { invite?: string } {
  const code = typeof invite === "number" ? String(invite) : invite;
  return typeof code === "string" && form.test(code) ? { invite: code } : {};
}

/** Where whoever gets the link signs up. */
export const linkOf = (origin: string, code: string) =>
  `${origin}/register?invite=${encodeURIComponent(code)}`;
