import { useTranslation } from "react-i18next";

import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { isFlag, usePreference } from "@/session/preferences";
import { type Shortcut, useShortcuts } from "./shortcuts";

/** Keys as they stand on a keyboard: `G D`, `Shift M`. */
const printed = (keys: string) =>
  keys.replace("+", " ").replace(/\b\w/g, (letter) => letter.toUpperCase());

const groups = ["go", "page", "everywhere"] as const;

/** All keys that work on this page. */
export function ShortcutList(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { t } = useTranslation("shell");
  const shortcuts = useShortcuts();
  const [singleKeys] = usePreference("single_keys", isFlag, true);
  const palette: Shortcut = { keys: "Ctrl K", label: t("shortcuts.palette"), group: "everywhere" };
  const all = [palette, ...(singleKeys ? shortcuts : [])];
  return (
    <Dialog {...props}>
      <DialogContent title={t("shortcuts.title")} className="max-w-160">
        <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
          {groups.map((group) => {
            const rows = all.filter((one) => one.group === group);
            if (rows.length === 0) return null;
            return (
              <section key={group} className="sm:first:row-span-3">
                <h3 className="mb-1 text-fg-3 text-xs">{t(`shortcuts.${group}`)}</h3>
                <ul>
                  {rows.map((row) => (
                    <li key={row.keys} className="flex min-h-7 items-center justify-between gap-3">
                      <span>{row.label}</span>
                      <Kbd keys={printed(row.keys)} />
                    </li>
                  ))}
                </ul>
              </section>
            );
          })}
        </div>
        {!singleKeys && <p className="mt-3 text-fg-2">{t("shortcuts.off")}</p>}
      </DialogContent>
    </Dialog>
  );
}
