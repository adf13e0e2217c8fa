import { useBootstrap } from "./use-me";

/** The address clients are to use: the site's own, else the one this page came from. */
export function useOrigin(): string {
  const { site_base_url } = useBootstrap();
  return (site_base_url ?? window.location.origin).replace(/\/$/, "");
}
