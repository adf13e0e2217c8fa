import type en from "../en/models";
import type { Texts } from "../texts";

export default {
  title: "模型",
  about: "价格为每百万 token 的美元价，已按你的倍率计算。",
  none: "还没有模型",
  none_user: "你所在的用户组没有可用模型。请联系本站运营者。",
  none_operator: "添加带有模型的渠道，并把它放入渠道组。",
  no_price: "没有已知价格；调用会计数但不计价",
  no_calls: "最近 24 小时没有调用",
  per_million: "每百万 token 的美元价",
  base: "基础价 {{price}}，乘以 {{multiplier}}",
  health: "最近 24 小时的 {{calls}} 次调用中 {{share}} 得到应答",
  try: "在试验场中试用",
  connect: "连接客户端",
  dialect: {
    responses: "Responses",
    chat: "Chat",
    messages: "Messages",
    gemini: "Gemini",
  },
  column: {
    name: "模型",
    owner: "厂商",
    dialects: "可用接口",
    dialects_help: "可以通过哪些 API 调用此模型",
    input: "输入",
    output: "输出",
    cache_read: "缓存读",
    cache_write: "缓存写",
    health: "最近 24 小时",
    first_event: "首字",
    groups: "渠道组",
  },
} as const satisfies Texts<typeof en>;
