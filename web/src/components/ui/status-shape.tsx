import type { Status } from "./status-badge";

/** The 8 px shape of a state, in the colour of the text. */
export function StatusShape({ status }: { status: Status }) {
  return (
    <svg viewBox="0 0 8 8" aria-hidden="true" className="size-2 shrink-0 overflow-visible">
      {shapes[status]}
    </svg>
  );
}

const outline = { fill: "none", stroke: "currentColor", strokeWidth: 1.25 };

const shapes = {
  ok: <circle cx="4" cy="4" r="4" fill="currentColor" />,
  degraded: <path d="M4 0 8.5 8h-9z" fill="currentColor" />,
  down: <path d="M0 0h8v8H0z" fill="currentColor" />,
  cooling: (
    <>
      <circle cx="4" cy="4" r="3.4" {...outline} />
      <path d="M4 .6a3.4 3.4 0 0 0 0 6.8z" fill="currentColor" />
    </>
  ),
  disabled: <circle cx="4" cy="4" r="3.4" {...outline} />,
  unknown: <path d="m4 0 4 4-4 4-4-4z" {...outline} />,
};
