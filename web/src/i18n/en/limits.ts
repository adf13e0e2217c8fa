/** What keys, users, channels and credentials may use at most. */
export default {
  title: "Limits",
  none: "No limit",
  field: {
    requests_per_minute: "Requests a minute",
    tokens_per_minute: "LLM tokens a minute",
    concurrency: "Calls at once",
    streams: "Streams at once",
  },
  help: {
    requests_per_minute: "Calls begun within any minute.",
    tokens_per_minute:
      "Read and written. What a call will use is estimated when it begins and corrected when it ends.",
    concurrency: "A call too many waits for its turn, up to half a minute.",
    concurrency_upstream: "A call too many goes to the next in the order.",
    streams: "How many of the calls at once may be streams.",
  },
  about: {
    key: "What calls with this key may use, within the limits of its user.",
    user: "What all keys of the user may use together.",
    channel:
      "What all its credentials may use together. At a limit it is passed over, and the trace says so.",
    credential: "What may be used of this credential. At a limit it is passed over.",
  },
  about_nodes: "{{about}} With several nodes, each counts an even share.",
  short: {
    requests_per_minute_one: "{{shown}} request a minute",
    requests_per_minute_other: "{{shown}} requests a minute",
    tokens_per_minute_one: "{{shown}} LLM token a minute",
    tokens_per_minute_other: "{{shown}} LLM tokens a minute",
    concurrency_one: "{{shown}} call at once",
    concurrency_other: "{{shown}} calls at once",
    streams_one: "{{shown}} stream at once",
    streams_other: "{{shown}} streams at once",
  },
} as const;
