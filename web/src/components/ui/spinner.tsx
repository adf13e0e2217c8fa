import { cn } from "@/components/class-names";

/** Work is under way. The words beside it say which. */
export function Spinner({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className={cn("size-4 animate-spin", className)}>
      <path
        d="M8 1.75a6.25 6.25 0 1 1-6.25 6.25"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  );
}
