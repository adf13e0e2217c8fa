import type en from "../en/lanes";
import type { Texts } from "../texts";

export default {
  title: "按组查看渠道",
  loading: "正在加载渠道组",
  about:
    "可使用该组的调用从上到下依次尝试：先是置顶渠道，再是提升的渠道，然后按优先级从高到低；同等的按权重随机，百分比表示当前在该优先级首先被尝试的比例。只会询问提供所请求模型且支持其方言的渠道。下级组按自身优先级与旁边的渠道一起排序，其中的渠道再按各自的优先级；同时属于多个下级组的渠道经由第一个组到达并按其计价。API 令牌的各个组按顺序依次尝试。",
  tried: "尝试 {{all}} 个中的 {{count}} 个",
  priority: "优先级 {{priority}}",
  share: "到达此优先级的调用中有 {{share}} 首先尝试它",
  after_others: "排在其他之后",
  passed_over: "跳过",
  marked: "符合筛选条件",
  via: "所在组：",
  off: "停用",
  off_text: "不会经由此组尝试任何渠道。",
  cut: "上级组已停用：只有直接指定此组的调用才能到达。",
  empty: "没有可用的渠道：此组及其下级组中没有任何渠道。",
  unusable: "没有可用的渠道：经由此组的调用会失败。",
  all_rest: "没有可用的渠道：全部处于冷却中。",
  last_resort: "仍会询问最先恢复的渠道：",
  children: "下级组：",
  all: "显示全部 {{count}} 个",
  no_match: "没有组包含符合条件的渠道",
  no_groups: "还没有渠道组",
  no_groups_text: "不在任何组中的渠道无人可用。",
  groups_page: "前往渠道组",
  outside_one: "有 {{count}} 个渠道不在任何组中：无人可用",
  outside_other: "有 {{count}} 个渠道不在任何组中：无人可用",
} as const satisfies Texts<typeof en>;
