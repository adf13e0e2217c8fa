import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { NavEntry } from "./nav";
import { useShortcut } from "./shortcuts";
import { useNav } from "./use-nav";

/** `G` and a letter lead to a page, of either console. */
export function GoShortcuts() {
  const { all } = useNav();
  const entries = all.flatMap((group) => group.entries).filter((entry) => entry.letter);
  return entries.map((entry) => <Go key={entry.path} entry={entry} />);
}

function Go({ entry }: { entry: NavEntry }) {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const keys = `g ${entry.letter?.toLowerCase()}`;
  useShortcut({ keys, label: t(`nav.${entry.key}`), group: "go" }, () => {
    void navigate({ to: entry.path });
  });
  return null;
}
