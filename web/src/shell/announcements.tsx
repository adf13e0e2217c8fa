import { useEffect, useState } from "react";

import { onAnnouncement } from "./announcer";

/** The place the announcer speaks from. */
export function Announcements() {
  const [text, setText] = useState("");
  useEffect(() => onAnnouncement(setText), []);
  return (
    // A title may be what somebody wrote, in whatever language.
    <div role="status" aria-live="polite" data-raw="" className="sr-only">
      {text}
    </div>
  );
}
