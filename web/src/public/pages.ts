import type { Bootstrap, PublicPageKey } from "@/api/types";

/** The pages that anyone may open, in the order of their links. */
export const publicPages = [
  { key: "prices", path: "/prices" },
  { key: "status", path: "/status" },
  { key: "key", path: "/key" },
] as const satisfies readonly { key: PublicPageKey; path: string }[];

export type PublicPage = (typeof publicPages)[number];

/** Whether the site has the page. */
export const isOpen = ({ features }: Bootstrap, key: PublicPageKey): boolean =>
  features[`public_${key}`] === true;

/** Those that the site has. */
export const openPagesOf = (site: Bootstrap): readonly PublicPage[] =>
  publicPages.filter(({ key }) => isOpen(site, key));
