import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

/** Our own names, so that a later class of a group takes the place of an earlier one. */
const merge = extendTailwindMerge({
  extend: {
    theme: { radius: ["badge", "control", "panel"], text: ["xs", "sm", "base", "lg", "xl", "2xl"] },
    classGroups: { z: [{ z: ["sticky", "sidebar", "overlay", "dialog", "popover", "toast"] }] },
  },
});

/** Joins class names; where two of one kind meet, the last one stays. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
