import { type RefObject, useLayoutEffect, useState } from "react";

/** The most of its width that a column gives so that all columns can be seen without scrolling. */
const mostGiven = 0.25;
/** Narrower than this, in pixels, no column is made: its figures would be cut off. */
const leastWidth = 72;

/** Widths with which everything fits, if a little less for each column that is free does it. */
export function fitted(
  widths: ReadonlyMap<string, number>,
  isFree: (id: string) => boolean,
  room: number,
): ReadonlyMap<string, number> {
  const spare = (id: string, width: number) =>
    isFree(id) ? Math.max(0, Math.min(width * mostGiven, width - leastWidth)) : 0;
  const total = [...widths.values()].reduce((sum, width) => sum + width, 0);
  const most = [...widths].reduce((sum, [id, width]) => sum + spare(id, width), 0);
  const over = total - room;
  if (over <= 0 || over > most) return widths;
  const share = over / most;
  return new Map(
    [...widths].map(([id, width]) => [id, Math.floor(width - spare(id, width) * share)]),
  );
}

/** How wide an element is inside, kept up to date; 0 before it is drawn. */
export function useInnerWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return;
    const measure = () => setWidth(box.clientWidth);
    const observer = new ResizeObserver(measure);
    measure();
    observer.observe(box);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
