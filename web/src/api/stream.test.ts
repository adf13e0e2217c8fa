import { HttpResponse, http } from "msw";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { server } from "@/test/server";
import type { ServerEvent } from "./sse";
import { EventStream, type StreamState } from "./stream";

let stream: EventStream | undefined;
let events: ServerEvent[];
let states: StreamState["kind"][];
let resumedFrom: (string | null)[];

const kinds = () => states;

/** Answers the n-th connection with the n-th body; later ones stay open in silence. */
function serverStreams(...answers: (string | number)[]) {
  server.use(
    http.get("/api/stream", ({ request }) => {
      resumedFrom.push(request.headers.get("last-event-id"));
      const answer = answers[resumedFrom.length - 1];
      if (typeof answer === "number") return new HttpResponse(null, { status: answer });
      const body = new ReadableStream({
        start(controller) {
          if (answer === undefined) return;
          controller.enqueue(new TextEncoder().encode(answer));
          controller.close();
        },
      });
      return new HttpResponse(body, { headers: { "content-type": "text/event-stream" } });
    }),
  );
}

function open() {
  stream = new EventStream({
    path: "/api/stream",
    query: { topics: "calls" },
    onEvent: (event) => events.push(event),
    onState: (state) => states.push(state.kind),
    chance: () => 0,
  });
}

function look(visibility: DocumentVisibilityState) {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(visibility);
  document.dispatchEvent(new Event("visibilitychange"));
}

const tick = setTimeout; // the real one, for answers that come in real time

/** Waits for an answer of the server without moving the clock of the stream. */
async function until(check: () => void): Promise<void> {
  for (let tries = 0; tries < 4_000; tries += 1) {
    try {
      return check();
    } catch {
      await new Promise((done) => tick(done, 5));
    }
  }
  check();
}

beforeEach(() => {
  events = [];
  states = [];
  resumedFrom = [];
  // Time stands still but for what a test says, however long the machine takes for an answer.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});
afterEach(() => {
  stream?.close();
  vi.useRealTimers();
});

describe("a stream", () => {
  it("gives its events, and resumes after the last one when it breaks", async () => {
    serverStreams("id: 7\nevent: call\ndata: {}\n\n");
    open();
    await until(() => expect(kinds()).toContain("reconnecting"));
    expect(events).toEqual([{ id: "7", event: "call", data: "{}" }]);
    await vi.advanceTimersByTimeAsync(1_000);
    await until(() => expect(resumedFrom).toEqual([null, "7"]));
    await until(() => expect(kinds().at(-1)).toBe("live"));
  });

  it("waits twice as long after each failure", async () => {
    serverStreams(503, 503, 503);
    open();
    await until(() => expect(kinds()).toEqual(["connecting", "reconnecting"]));
    await vi.advanceTimersByTimeAsync(500);
    await until(() => expect(kinds().length).toBe(4));
    await vi.advanceTimersByTimeAsync(700);
    expect(resumedFrom.length).toBe(2);
    await vi.advanceTimersByTimeAsync(400);
    await until(() => expect(resumedFrom.length).toBe(3));
  });

  it("is not asked for again when the server refuses it", async () => {
    serverStreams(404);
    open();
    await until(() => expect(kinds().at(-1)).toBe("refused"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(resumedFrom.length).toBe(1);
  });

  it("rests while the page is hidden for long, and comes back with it", async () => {
    serverStreams();
    open();
    await until(() => expect(kinds().at(-1)).toBe("live"));
    look("hidden");
    await vi.advanceTimersByTimeAsync(29_000);
    expect(kinds().at(-1)).toBe("live");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(kinds().at(-1)).toBe("paused");
    look("visible");
    await until(() => expect(kinds().at(-1)).toBe("live"));
    expect(resumedFrom.length).toBe(2);
  });

  it("that falls silent is taken for dead", async () => {
    serverStreams();
    open();
    await until(() => expect(kinds().at(-1)).toBe("live"));
    await vi.advanceTimersByTimeAsync(46_000);
    await until(() => expect(kinds()).toContain("reconnecting"));
  });

  it("stands still when asked to", async () => {
    serverStreams();
    open();
    await until(() => expect(kinds().at(-1)).toBe("live"));
    stream?.pause();
    look("visible");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(kinds().at(-1)).toBe("paused");
    stream?.resume();
    await until(() => expect(kinds().at(-1)).toBe("live"));
  });
});
