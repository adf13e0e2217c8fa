// Drives one SDK through every cell that begins with its dialect. Prints what came of them as one line
// of JSON.
//
// What is tried is the same for all; how it is said is in the file of the dialect beside this one. Each
// call carries a tag, by which the test finds it again upstream and among the records.
import assert from "node:assert/strict";

const { DIALECT, UPSTREAMS, DOT } = process.env;

const QUESTION = "What is the weather?";
const WEATHER = "Grüße, 世界. It rains.";
/** Room enough to think. */
const LIMIT = 8000;
const string = { type: "string" };
const TOOLS = [
  {
    name: "weather",
    description: "Tells the weather.",
    schema: { type: "object", properties: { city: string }, required: ["city"] },
  },
  {
    name: "pack",
    description: "Packs things.",
    schema: { type: "object", properties: { things: { type: "array", items: string } } },
  },
];
const SCHEMA = {
  type: "object",
  properties: { city: string },
  required: ["city"],
  additionalProperties: false,
};
/** Trials on channels of their own: what they break would stay broken for the others. */
const APART = { limited: "-limited", broken: "-broken" };

/** What is being tried. */
let cell;

const fetched = globalThis.fetch;
globalThis.fetch = async (input, init = {}) => {
  const tag = [DIALECT, cell.upstream, cell.trial, cell.calls.length + 1].join(".");
  const headers = new Headers(init.headers ?? input.headers);
  headers.set("x-cell", tag);
  headers.set("x-request-id", tag);
  const call = { tag, status: 0, losses: null, streamed: cell.streamed, usage: null };
  cell.calls.push(call);
  const response = await fetched(input, { ...init, headers });
  call.status = response.status;
  call.losses = response.headers.get("x-realms-losses");
  return response;
};

const { default: speak } = await import(`./${DIALECT}.mjs`);

async function ask(question) {
  const model = `${DIALECT}-on-${cell.upstream}${APART[cell.trial] ?? ""}`;
  cell.streamed = Boolean(question.stream);
  const answer = await speak.ask({ model, limit: LIMIT, heard: () => {}, ...question });
  cell.calls.at(-1).usage = answer.usage;
  return answer;
}

/** A question and its whole answer, or a streamed one, told piece by piece. */
async function converse(stream) {
  const pieces = [];
  const heard = (piece) => pieces.push(piece);
  const system = "Be brief.";
  const answer = await ask({ system, turns: [speak.user(QUESTION)], stream, heard });
  assert.equal(answer.text, WEATHER);
  assert.equal(answer.stop, "end");
  return pieces;
}

function expectCalls(answer, wanted) {
  const told = answer.calls.map(({ name, args }) => [name, args]);
  assert.deepEqual(told, wanted);
  assert.equal(answer.stop, "tools");
  const ids = answer.calls.map(({ id }) => id).filter(Boolean);
  assert.equal(new Set(ids).size, ids.length, "each call has an id of its own");
}

const TRIALS = {
  async plain() {
    await converse(false);
  },

  async stream() {
    const pieces = await converse(true);
    assert(pieces.length > 1, "it came piece by piece");
    assert.equal(pieces.join(""), WEATHER);
  },

  async tools() {
    const turns = [speak.user(QUESTION)];
    const first = await ask({ turns, tools: TOOLS, stream: true });
    assert.equal(first.text, "Let me look. ");
    expectCalls(first, [
      ["weather", { city: "Zürich" }],
      ["weather", { city: "Ulm" }],
    ]);
    turns.push(...first.turns, ...speak.results(first.calls, ["rain", "sun"]));
    const second = await ask({ turns, tools: TOOLS });
    expectCalls(second, [["pack", { things: ["umbrella", "hat"] }]]);
    turns.push(...second.turns, ...speak.results(second.calls, ["two things"]));
    const last = await ask({ turns, tools: TOOLS });
    assert.equal(last.text, "All packed.");
    assert.equal(last.stop, "end");
    assert.equal(last.calls.length, 0);
  },

  async image() {
    const answer = await ask({ turns: [speak.user(QUESTION, DOT)] });
    assert.equal(answer.text, "One dot.");
  },

  async schema() {
    const answer = await ask({ turns: [speak.user(QUESTION)], schema: SCHEMA });
    assert.deepEqual(JSON.parse(answer.text), { city: "Ulm" });
  },

  async thinking() {
    const turns = [speak.user(QUESTION)];
    const first = await ask({ turns, thinking: true });
    assert.equal(first.text, "It rains.");
    assert.equal(first.thought, "Clouds are near.");
    turns.push(...first.turns, speak.user("And tomorrow?"));
    const second = await ask({ turns, thinking: true });
    assert.equal(second.text, "It rains.");
  },

  async length() {
    const answer = await ask({ turns: [speak.user(QUESTION)], limit: 16 });
    assert.equal(answer.text, "One two");
    assert.equal(answer.stop, "length");
  },

  async stop() {
    if (!speak.stops) {
      cell.absent = true;
      return;
    }
    const answer = await ask({ turns: [speak.user(QUESTION)], stop: ["END"] });
    // Whether the sequence must have arrived is for the test to say.
    assert(["Before ", "Before END after."].includes(answer.text), answer.text);
    assert.equal(answer.stop, "end");
  },

  async limited() {
    const isLimit = ({ status }) => status === 429;
    await assert.rejects(ask({ turns: [speak.user(QUESTION)] }), isLimit);
  },

  async broken() {
    let told = "";
    const heard = (piece) => (told += piece);
    await assert.rejects(ask({ turns: [speak.user(QUESTION)], stream: true, heard }));
    assert.notEqual(told, "", "what came before the error was told");
  },

  async usage() {
    await converse(false);
    await converse(true);
  },
};

async function attempt(upstream, trial) {
  cell = { upstream, trial, calls: [], streamed: false, absent: false };
  let problem = null;
  try {
    await TRIALS[trial]();
  } catch (error) {
    problem = String(error?.message ?? error).slice(0, 600);
  }
  return { calls: cell.calls, absent: cell.absent, problem };
}

const told = {};
for (const upstream of UPSTREAMS.split(",")) {
  told[upstream] = {};
  for (const trial of Object.keys(TRIALS)) told[upstream][trial] = await attempt(upstream, trial);
}
console.log(JSON.stringify(told));
