import { useChildMatches } from "@tanstack/react-router";

import { PublicLayout } from "@/auth/public-layout";
import { publicPages } from "./pages";
import { PublicLinks } from "./public-links";
import { PublicNav } from "./public-nav";

/** Around the pages before one is signed in. Those that anyone may open are as wide as a list, with the ways to each other above. */
export function PublicFrame() {
  const path = useChildMatches({ select: (matches) => matches.at(-1)?.fullPath });
  return publicPages.some((page) => page.path === path) ? (
    <PublicLayout width="table" nav={<PublicNav />} />
  ) : (
    <PublicLayout footer={<PublicLinks />} />
  );
}
