/** What is needed of a route to tell a page from a mere frame around pages. */
interface RouteShape {
  fullPath: string;
  children?: unknown;
}

/** Whether a page lies at a path: asked of the router's own table. A route with others below it is a frame; its own
    page is the index below it, which then stands in the table. */
export function existsIn(routesByPath: object): (path: string) => boolean {
  const routes = routesByPath as Record<string, RouteShape | undefined>;
  return (path) => {
    const route = routes[path];
    return route !== undefined && (route.fullPath.endsWith("/") || !hasChildren(route));
  };
}

function hasChildren({ children }: RouteShape): boolean {
  return typeof children === "object" && children !== null && Object.keys(children).length > 0;
}
