import { useBootstrap, useMe } from "@/session/use-me";

/** Whether somebody can be told by e-mail, or what keeps it: no address, one not proved, or a site that sends none. */
export type MailState = "ready" | "no_address" | "unconfirmed" | "no_mail";

export function useMailState(): MailState {
  const { email, email_verified } = useMe();
  const { mail } = useBootstrap();
  if (!mail) return "no_mail";
  if (email === undefined) return "no_address";
  return email_verified ? "ready" : "unconfirmed";
}
