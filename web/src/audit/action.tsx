import { useTranslation } from "react-i18next";

/** What was done, in words where we have them; the server's own name is in the tooltip. */
export function Action({ action }: { action: string }) {
  const words = useActionText();
  return <span title={action}>{words(action)}</span>;
}

/** `channel.update` is "Channel changed"; what is not known stays as the server calls it. */
export function useActionText(): (action: string) => string {
  const { t, i18n } = useTranslation("audit");
  const known = (key: string) => i18n.exists(key, { ns: "audit" });
  return (action) => {
    if (known(`act.${action}`)) return t(`act.${action}` as "act.account.log_in");
    const [kind = "", verb = ""] = action.split(".");
    if (!known(`kind.${kind}`) || !known(`verb.${verb}`)) return action;
    return t("action", {
      kind: t(`kind.${kind}` as "kind.channel"),
      verb: t(`verb.${verb}` as "verb.update"),
    });
  };
}
