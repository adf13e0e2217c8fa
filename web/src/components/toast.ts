/** Short messages about what happened in the background. What a person just pressed answers beside the control instead. */

export interface Toast {
  id: number;
  tone: "done" | "failed";
  text: string;
  /** English or an id, folded away. */
  detail?: string;
  /** One thing to do about it: undo, open. */
  action?: { label: string; onPress: () => void };
  /** How long it stays; left out: the usual time of its tone. */
  shownMs?: number;
}

type Listener = (toasts: readonly Toast[]) => void;

const most = 3;
let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<Listener>();

function set(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener(toasts);
}

function show(toast: Omit<Toast, "id">): number {
  const id = nextId++;
  set([...toasts, { ...toast, id }].slice(-most));
  return id;
}

export const toast = {
  /** Gone after six seconds, unless someone looks at it. */
  done: (text: string, action?: Toast["action"], shownMs?: number) =>
    show({ tone: "done", text, ...(action && { action }), ...(shownMs && { shownMs }) }),
  /** Stays until it is dismissed. */
  failed: (text: string, detail?: string) =>
    show({ tone: "failed", text, ...(detail !== undefined && { detail }) }),
  dismiss: (id: number) => set(toasts.filter((one) => one.id !== id)),
};

export const toastStore = {
  subscribe(listener: Listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  get: () => toasts,
};
