import { AlarmClock, Ban, CirclePlay, Copy, FlaskConical, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import { isEnabled } from "@/config/objects";
import { useMay } from "@/session/use-me";
import type { RowAction } from "@/table/column";
import type { ChannelRow } from "./channel";
import type { Deed } from "./deed-dialog";
import { isResting, useWake } from "./wake";

/** What can be done with one channel of the list. */
export function useChannelActions(props: {
  ask: (asked: { deed: Deed; row: ChannelRow }) => void;
  test: (name: string) => void;
  copy: (name: string) => void;
}): (row: ChannelRow) => readonly RowAction[] {
  const { t } = useTranslation("channels");
  const wake = useWake();
  const mayWrite = useMay("channels.write");
  return (row) => {
    const { channel, status } = row;
    const on = isEnabled(channel);
    const ask = (deed: Deed) => () => props.ask({ deed, row });
    const test: RowAction = {
      id: "test",
      label: t("test.verb"),
      icon: <FlaskConical />,
      keys: "t",
      run: () => props.test(channel.name),
    };
    if (!mayWrite) return [test];
    return [
      test,
      on
        ? { id: "disable", label: t("deed.disable.verb"), icon: <Ban />, run: ask("disable") }
        : { id: "enable", label: t("deed.enable.verb"), icon: <CirclePlay />, run: ask("enable") },
      {
        id: "wake",
        label: t("wake.verb"),
        icon: <AlarmClock />,
        ...(!(status && isResting(status)) && { disabledReason: t("wake.awake") }),
        run: () => wake(channel.name),
      },
      {
        id: "copy",
        label: t("copy.verb"),
        icon: <Copy />,
        run: () => props.copy(channel.name),
      },
      {
        id: "remove",
        label: t("deed.remove.verb"),
        icon: <Trash2 />,
        danger: true,
        run: ask("remove"),
      },
    ];
  };
}
