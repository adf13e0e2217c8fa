import type en from "../en/ranking";
import type { Texts } from "../texts";

export default {
  title: "排行榜",
  about: "谁用令牌调用得最多，按 LLM Token 数排列，显示前 50 名。",
  span: "时间范围",
  days_one: "{{count}} 天",
  days_other: "{{count}} 天",
  places: "名次",
  none: "还没有调用",
  none_text: "这段时间内没有上榜用户的调用。",
  anonymous: "匿名",
  you: "你",
  mine: {
    title: "你的位置",
    place: "你的名次",
    calls: "你的调用",
    llm_tokens: "你的 LLM Token",
    hidden: "你没有上榜",
    no_calls: "这段时间内你没有调用",
  },
  shown: {
    title: "你如何显示",
    anonymous: "匿名",
    name: "显示名字",
    hidden: "不显示",
  },
  others: {
    anonymous: "其他人能看到你的名次、调用数和 LLM Token 数，但不知道是谁。",
    name: "其他人能看到你的账号名 {{name}}，以及名次、调用数和 LLM Token 数。",
    hidden: "其他人看不到你的任何信息：你不在榜上，也没有名次。",
  },
  column: { place: "名次", name: "用户", calls: "调用", llm_tokens: "LLM Token" },
} as const satisfies Texts<typeof en>;
