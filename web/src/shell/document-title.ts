import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { bootstrapQuery } from "@/session/session";
import { announce } from "./announcer";

/** Names the page in the browser's tab, and aloud: `Channels · Realms`. */
export function useDocumentTitle(title: string): void {
  const { data } = useQuery({ ...bootstrapQuery, enabled: false });
  const site = data?.site_name ?? "Realms";
  useEffect(() => {
    document.title = title === "" || title === site ? site : `${title} · ${site}`;
    if (title !== "") announce(title);
  }, [title, site]);
}
