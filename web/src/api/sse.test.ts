import { describe, expect, it } from "vitest";

import { EventParser, eventsOf, type ServerEvent } from "./sse";

const bytes = (text: string) => new TextEncoder().encode(text);

const stream =
  ': hello\n\nid: 1\nevent: call\ndata: {"a":"é漢"}\n\nid: 2\r\ndata: one\r\ndata:two\r\n\r\nretry: 50\ndata\n\ndata:tight\r\r: end\n';

const expected: ServerEvent[] = [
  { id: "1", event: "call", data: '{"a":"é漢"}' },
  { id: "2", event: "message", data: "one\ntwo" },
  { id: "2", event: "message", data: "" },
  { id: "2", event: "message", data: "tight" },
];

describe("events", () => {
  it("are the same wherever the stream is cut, even inside a letter", () => {
    const whole = bytes(stream);
    for (let first = 0; first <= whole.length; first += 1) {
      const parser = new EventParser();
      const events = [...parser.push(whole.slice(0, first)), ...parser.push(whole.slice(first))];
      expect(events, `cut at ${first}`).toEqual(expected);
      expect(parser.retryMs).toBe(50);
    }
  });

  it("are the same byte by byte", () => {
    const parser = new EventParser();
    const events = [...bytes(stream)].flatMap((byte) => parser.push(Uint8Array.of(byte)));
    expect(events).toEqual(expected);
  });

  it("without data are none, and an unfinished one is not given", () => {
    const parser = new EventParser();
    expect(parser.push(bytes("event: call\n\ndata: half"))).toEqual([]);
  });

  it("may end without the last empty line, where the reader does not mind", async () => {
    const seen: ServerEvent[] = [];
    const half = "data: one\n\nevent: call\ndata: two";
    for await (const event of eventsOf(new Response(half), { isLenient: true })) seen.push(event);
    expect(seen.map(({ event, data }) => `${event} ${data}`)).toEqual(["message one", "call two"]);
  });

  it("do not come out of a line without an end", () => {
    const parser = new EventParser();
    const piece = bytes(`data: ${"x".repeat(8 * 1024 * 1024)}`);
    parser.push(piece);
    expect(() => [piece, piece].map((one) => parser.push(one))).toThrow("too long");
  });

  it("come out of an answer until it ends", async () => {
    const seen: ServerEvent[] = [];
    let pieces = 0;
    const count = () => {
      pieces += 1;
    };
    for await (const event of eventsOf(new Response(stream), { onBytes: count })) seen.push(event);
    expect(seen).toEqual(expected);
    expect(pieces).toBeGreaterThan(0);
  });
});
