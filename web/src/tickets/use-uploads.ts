import { useEffect, useRef, useState } from "react";

import { mistakeOf, mostFiles, refusalOf, sendFile } from "./files";

type Refusal = NonNullable<ReturnType<typeof refusalOf>>;

/** A file for a message to come. */
export interface Upload {
  readonly key: number;
  readonly name: string;
  readonly size: number;
  readonly state:
    | { readonly kind: "sending" }
    /** The message names it by its id. */
    | { readonly kind: "sent"; readonly id: string }
    | { readonly kind: "refused"; readonly why: Refusal }
    | { readonly kind: "failed"; readonly error: unknown };
}

export interface Uploads {
  readonly all: readonly Upload[];
  /** Those that can go with a message. */
  readonly ids: string[];
  readonly isSending: boolean;
  /** More were chosen than go with one message. */
  readonly isTooMany: boolean;
  add: (files: readonly File[]) => void;
  remove: (key: number) => void;
  clear: () => void;
}

const isKept = ({ state }: Upload) => state.kind === "sending" || state.kind === "sent";

/** Files are sent as soon as they are chosen, so that the message need not wait for them. */
export function useUploads(): Uploads {
  const [all, setAll] = useState<readonly Upload[]>([]);
  const [isTooMany, setIsTooMany] = useState(false);
  const running = useRef(new Map<number, AbortController>());
  const nextKey = useRef(1);
  useEffect(() => {
    const stoppable = running.current;
    return () => {
      for (const one of stoppable.values()) one.abort();
    };
  }, []);

  async function take(file: File) {
    const { name, size } = file;
    const key = nextKey.current;
    nextKey.current += 1;
    const mistake = mistakeOf(file);
    const begin = (state: Upload["state"]) => setAll((now) => [...now, { key, name, size, state }]);
    if (mistake) return begin({ kind: "refused", why: mistake });
    begin({ kind: "sending" });
    const settle = (state: Upload["state"]) =>
      setAll((now) => now.map((one) => (one.key === key ? { ...one, state } : one)));
    const stop = new AbortController();
    running.current.set(key, stop);
    try {
      const { id } = await sendFile(file, stop.signal);
      settle({ kind: "sent", id });
    } catch (error) {
      const why = refusalOf(error);
      settle(why ? { kind: "refused", why } : { kind: "failed", error });
    } finally {
      running.current.delete(key);
    }
  }

  return {
    all,
    ids: all.flatMap(({ state }) => (state.kind === "sent" ? [state.id] : [])),
    isSending: all.some(({ state }) => state.kind === "sending"),
    isTooMany,
    add: (files) => {
      const room = Math.max(0, mostFiles - all.filter(isKept).length);
      setIsTooMany(files.length > room);
      for (const file of files.slice(0, room)) void take(file);
    },
    remove: (key) => {
      running.current.get(key)?.abort();
      setIsTooMany(false);
      setAll((now) => now.filter((one) => one.key !== key));
    },
    clear: () => {
      setIsTooMany(false);
      setAll([]);
    },
  };
}
