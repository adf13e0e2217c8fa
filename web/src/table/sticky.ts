/** The edge of the first column, where others lie under it. */
export const startEdge =
  "after:pointer-events-none after:absolute after:inset-y-0 after:right-0 after:w-px group-data-under-start/box:after:bg-line-strong";

/** The edge of the column of actions. */
export const endEdge =
  "before:pointer-events-none before:absolute before:inset-y-0 before:left-0 before:w-px group-data-under-end/box:before:bg-line-strong";

/** The ring of a row that has the focus, drawn by its cells: an outline of the row would lie under those that stick. */
export const rowRing =
  "group-focus-visible/row:shadow-[inset_0_2px_0_var(--ring),inset_0_-2px_0_var(--ring)] group-focus-visible/row:first:shadow-[inset_0_2px_0_var(--ring),inset_0_-2px_0_var(--ring),inset_2px_0_0_var(--ring)] group-focus-visible/row:last:shadow-[inset_0_2px_0_var(--ring),inset_0_-2px_0_var(--ring),inset_-2px_0_0_var(--ring)]";
