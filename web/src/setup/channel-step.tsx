import { useRef } from "react";

import { ChannelQuickForm } from "@/channels/channel-quick-form";

/** The first channel: pasted or typed, tested on the way. The vendor's key leaves the page with the step. */
export function ChannelStep({ onDone }: { onDone: (name: string, tested: boolean) => void }) {
  const tested = useRef(false);
  return (
    <ChannelQuickForm
      brief
      onTested={(ok) => {
        tested.current = ok > 0;
      }}
      onSaved={({ name }) => onDone(name, tested.current)}
    />
  );
}
