import { type ColourName, fillClasses } from "./colour";

/** A small square in the colour of a series. */
export function Swatch({ colour }: { colour: ColourName }) {
  return (
    <svg viewBox="0 0 10 10" aria-hidden="true" className="size-2.5 shrink-0">
      <rect width="10" height="10" rx="2" className={fillClasses[colour]} />
    </svg>
  );
}
