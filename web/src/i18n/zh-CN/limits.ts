import type en from "../en/limits";
import type { Texts } from "../texts";

export default {
  title: "限额",
  none: "不限",
  field: {
    requests_per_minute: "每分钟请求数",
    tokens_per_minute: "每分钟 LLM Token 数",
    concurrency: "并发调用数",
    streams: "并发流数",
  },
  help: {
    requests_per_minute: "任意一分钟内开始的调用。",
    tokens_per_minute: "包括读取和写入。调用开始时先估算，结束时更正。",
    concurrency: "超出的调用排队等候，最多半分钟。",
    concurrency_upstream: "超出的调用交给顺序中的下一个。",
    streams: "并发调用中最多有多少个流。",
  },
  about: {
    key: "使用此令牌的调用可用的额度，同时受其用户的限额约束。",
    user: "该用户所有令牌合计可用的额度。",
    channel: "所有凭据合计可用的额度。达到限额时会被跳过，并记录在追踪中。",
    credential: "此凭据可用的额度。达到限额时会被跳过。",
  },
  about_nodes: "{{about}}有多个节点时，各节点平均分摊。",
  short: {
    requests_per_minute_one: "每分钟 {{shown}} 个请求",
    requests_per_minute_other: "每分钟 {{shown}} 个请求",
    tokens_per_minute_one: "每分钟 {{shown}} 个 LLM Token",
    tokens_per_minute_other: "每分钟 {{shown}} 个 LLM Token",
    concurrency_one: "同时 {{shown}} 个调用",
    concurrency_other: "同时 {{shown}} 个调用",
    streams_one: "同时 {{shown}} 个流",
    streams_other: "同时 {{shown}} 个流",
  },
} as const satisfies Texts<typeof en>;
