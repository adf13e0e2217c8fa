import { type RefObject, useEffect, useRef } from "react";
import uPlot from "uplot";

import "./plot.css";
import { endOf } from "./bucket";
import { bucketUnder, type Drawing, dataOf, optionsOf } from "./plot-options";
import { resolveColour, useThemeVersion } from "./theme-colours";

interface Props {
  drawing: Drawing;
  height: number;
  /** The bucket pointed at, by keys: the line stands there. */
  at: number | undefined;
  /** The range marked by keys. */
  marked: readonly [number, number] | undefined;
  /** A bucket and how far from the left it is, in pixels; `undefined` when the pointer leaves. */
  onPoint: (at: number | undefined, left: number) => void;
  onDrag: ((from: number, to: number) => void) | undefined;
  /** The canvas, to be saved as a picture. */
  canvas: RefObject<HTMLCanvasElement | null>;
}

/** The canvas of a chart. It is a chunk of its own: nothing loads it before a chart is seen. */
export default function Plot(props: Props) {
  const { drawing, height, at, marked, canvas } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const theme = useThemeVersion();
  const structure = [
    theme,
    height,
    drawing.kind,
    drawing.isLastIncomplete,
    drawing.isWhole,
    drawing.before !== undefined,
    drawing.band,
    drawing.language,
    drawing.zone,
    ...drawing.series.map(({ key }) => `${key}\u0000${drawing.colours.get(key)}`),
  ].join("\u0001");

  // biome-ignore lint/correctness/useExhaustiveDependencies: everything else is asked through `latest`
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const now = () => latest.current.drawing;
    const options = optionsOf(
      now,
      (token) => resolveColour(element, token),
      `12px ${getComputedStyle(element).fontFamily}`,
      { width: Math.max(120, element.clientWidth), height },
    );
    options.hooks.setCursor = [
      (made) => {
        const { left = -1 } = made.cursor;
        // Keys move the line, too: those are told already.
        if (!made.cursor.event) return;
        if (left < 0) latest.current.onPoint(undefined, 0);
        else latest.current.onPoint(bucketUnder(made, left, now()), placeOf(made, left));
      },
    ];
    options.hooks.setSelect = [
      (made) => {
        const { left, width } = made.select;
        if (!made.cursor.event || width < 4) return;
        const last = bucketUnder(made, left + width - 1, now());
        latest.current.onDrag?.(bucketUnder(made, left, now()), last);
        made.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      },
    ];
    const made = new uPlot(options, dataOf(now()), element);
    plot.current = made;
    canvas.current = made.ctx.canvas;
    const observer = new ResizeObserver(() => {
      const width = Math.max(120, element.clientWidth);
      if (width !== made.width) made.setSize({ width, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [structure]);

  const drawn = useRef(drawing);
  useEffect(() => {
    if (drawn.current !== drawing) plot.current?.setData(dataOf(drawing));
    drawn.current = drawing;
  }, [drawing]);

  useEffect(() => {
    const made = plot.current;
    if (!made || at === undefined) return;
    const [start = 0, end = 0] = edgesOf(latest.current.drawing, at, at);
    const isBars = latest.current.drawing.kind === "bars";
    const left = made.valToPos(isBars ? (start + end) / 2 : start, "x");
    made.setCursor({ left, top: 0 }, false);
    latest.current.onPoint(at, placeOf(made, left));
  }, [at]);

  useEffect(() => {
    const made = plot.current;
    if (!made) return;
    const [from, to] = marked ? edgesOf(latest.current.drawing, ...marked) : [0, 0];
    const left = marked ? made.valToPos(from ?? 0, "x") : 0;
    const width = marked ? made.valToPos(to ?? 0, "x") - left : 0;
    made.setSelect({ left, width, top: 0, height: made.over.clientHeight }, false);
  }, [marked]);

  return <div ref={host} className="w-full min-w-0 overflow-hidden" />;
}

/** How far from the left edge of the whole chart. */
const placeOf = (plot: uPlot, left: number) => left + plot.bbox.left / devicePixelRatio;

/** When the first of two buckets begins and the last ends, in seconds. */
function edgesOf({ buckets }: Drawing, from: number, to: number): number[] {
  const [first, last] = from <= to ? [from, to] : [to, from];
  return [Date.parse(buckets.starts[first] ?? "") / 1_000, endOf(buckets, last)];
}
