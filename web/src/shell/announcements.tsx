import { useEffect, useState } from "react";

import { onAnnouncement } from "./announcer";

/** The place the announcer speaks from. */
export function Announcements() {
  const [text, setText] = useState("");
  useEffect(() => onAnnouncement(setText), []);
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
