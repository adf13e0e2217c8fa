/** Whether a page lies at a path: asked of the router's own table. */
export function existsIn(routesByPath: object): (path: string) => boolean {
  return (path) => path in routesByPath || `${path}/` in routesByPath;
}
