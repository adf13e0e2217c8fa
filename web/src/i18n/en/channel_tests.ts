/** How tests of a channel went, and what is wrong with its answers. */
export default {
  title: "Tests",
  about: "The newest 200 tests of each kind, kept for 30 days.",
  list: "Tests of this channel",
  more: "Show older tests",
  none: {
    title: "Not tested yet",
    text: "What a test finds is kept here. A channel can also be tested by a schedule, under Options.",
  },
  column: {
    time: "Time",
    trigger: "By",
    model: "Model",
    over: "Over",
    first_event: "First token",
    duration: "Total",
    outcome: "Outcome",
    usage: "Tokens",
    findings: "Findings",
  },
  trigger: { manual: "Hand", schedule: "Schedule", probe: "Probe of a rest" },
  depth: { test: "Test", scan: "Scan" },
  outcome: { ok: "Passed", flawed: "Flawed", failed: "Failed" },
  answered: "answered as {{model}}",
  gone: "no longer there",
  counted: "Counted here: {{input}} in, {{output}} out",
  no_findings: "Nothing found",
  findings_one: "One finding",
  findings_other: "{{count}} findings",
  strip_one: "The last test: {{passed}} passed, {{flawed}} flawed, {{failed}} failed",
  strip_other: "The last {{count}} tests: {{passed}} passed, {{flawed}} flawed, {{failed}} failed",
  last: "Last tests",
  severity: { error: "Error", warning: "Warning" },
  finding: {
    false_success: {
      title: "A failure told as a success",
      todo: "It answers 200 with an error, a web page or nothing. Clients take that for an answer: check the base URL, or ask the vendor to send real status codes.",
    },
    other_model: {
      title: "Another model answers",
      todo: "The answer names another model than the one asked for. Check the upstream name of the model; if that is right, the vendor serves something else.",
    },
    no_end: {
      title: "The stream has no end",
      todo: "The event that ends a stream is missing. Clients take such answers for broken: ask the vendor, or do not use this dialect here.",
    },
    tool_arguments_cut: {
      title: "Tool arguments are cut off",
      todo: "The arguments of a tool call stop in the middle, so agents cannot work over this channel. Ask the vendor.",
    },
    tool_arguments_not_object: {
      title: "Tool arguments are no object",
      todo: "The arguments of a tool call are no JSON object, so agents cannot work over this channel. Ask the vendor.",
    },
    tool_arguments_off_schema: {
      title: "Tool arguments do not fit",
      todo: "The arguments do not fit the schema of the tool. Often a weaker model serves the name: compare with the vendor's own service.",
    },
    implausible_usage: {
      title: "The usage cannot be true",
      todo: "The tokens told do not fit what was asked and answered, and costs follow them. A hidden prompt of the vendor, or a wrong count: compare with another vendor.",
    },
    no_tool_call: {
      title: "The tool was not called",
      todo: "A tool had to be called and was not. Use this model for conversations only, or choose another one for agents.",
    },
    no_usage: {
      title: "Whole answers tell no usage",
      todo: "Costs of such calls are estimated from the text. Ask the vendor to send the usage.",
    },
    no_stream_usage: {
      title: "Streams tell no usage",
      todo: "Costs of streamed calls are estimated from the text. Ask the vendor to send the usage.",
    },
    include_usage_ignored: {
      title: "The usage of streams is not sent",
      todo: "stream_options.include_usage is ignored, so costs of streamed calls are estimated from the text. Ask the vendor to support it.",
    },
    wrong_content_type: {
      title: "Wrong content type",
      todo: "The content type is not that of the answer. Strict clients refuse it: ask the vendor, or look for a proxy in between that rewrites it.",
    },
    not_streamed: {
      title: "Streams come whole",
      todo: "A stream was asked for and one JSON object came. People wait for the whole answer: ask the vendor, or use another dialect here.",
    },
    no_whole_answer: {
      title: "Only streams are answered",
      todo: "Without a stream no answer comes. Clients that do not stream fail over this channel: give them another one.",
    },
    burst: {
      title: "The stream comes in one burst",
      todo: "All pieces came at once at the end. Something in between buffers: look for proxy_buffering in a proxy of yours, or ask the vendor.",
    },
  },
} as const;
