import type en from "../en/channel_tests";
import type { Texts } from "../texts";

export default {
  title: "测试",
  about: "每一类保留最新的 200 次测试，最长 30 天。",
  list: "此渠道的测试",
  more: "显示更早的测试",
  none: {
    title: "还没有测试过",
    text: "测试的结果会保留在这里。也可以在“选项”里让渠道按计划测试。",
  },
  column: {
    time: "时间",
    trigger: "触发",
    model: "模型",
    over: "经由",
    first_event: "首个 token",
    duration: "总时长",
    outcome: "结果",
    usage: "Token",
    findings: "问题",
  },
  trigger: { manual: "手动", schedule: "计划", probe: "冷却探测" },
  depth: { test: "测试", scan: "扫描" },
  outcome: { ok: "通过", flawed: "有缺陷", failed: "失败" },
  answered: "回答的模型是 {{model}}",
  gone: "已不存在",
  counted: "本地估算：输入 {{input}}，输出 {{output}}",
  no_findings: "没有发现问题",
  findings_one: "{{count}} 个问题",
  findings_other: "{{count}} 个问题",
  strip_one: "最近 {{count}} 次测试：{{passed}} 次通过，{{flawed}} 次有缺陷，{{failed}} 次失败",
  strip_other: "最近 {{count}} 次测试：{{passed}} 次通过，{{flawed}} 次有缺陷，{{failed}} 次失败",
  last: "最近的测试",
  severity: { error: "错误", warning: "警告" },
  finding: {
    false_success: {
      title: "失败被当作成功返回",
      todo: "它返回 200，内容却是错误、网页或空白，客户端会当成回答。请检查基础地址，或要求供应商返回真实的状态码。",
    },
    other_model: {
      title: "回答的是另一个模型",
      todo: "回答里的模型名与请求的不同。请检查上游模型名；如果没有写错，说明供应商换了模型。",
    },
    no_end: {
      title: "流没有结束事件",
      todo: "缺少表示结束的事件，客户端会认为回答中断。请联系供应商，或在此渠道停用这种方言。",
    },
    tool_arguments_cut: {
      title: "工具参数被截断",
      todo: "工具调用的参数中途停止，智能体无法通过此渠道工作。请联系供应商。",
    },
    tool_arguments_not_object: {
      title: "工具参数不是对象",
      todo: "工具调用的参数不是 JSON 对象，智能体无法通过此渠道工作。请联系供应商。",
    },
    tool_arguments_off_schema: {
      title: "工具参数不符合定义",
      todo: "参数不符合工具的 schema，往往是名字背后换成了较弱的模型。请与官方服务对比。",
    },
    implausible_usage: {
      title: "用量不可信",
      todo: "上报的 token 数与问答内容不符，而费用按它计算。可能是供应商加了隐藏提示词或计数有误，请与其他供应商对比。",
    },
    no_tool_call: {
      title: "没有调用工具",
      todo: "要求必须调用工具却没有调用。此模型只适合对话，智能体请选用其他模型。",
    },
    no_usage: {
      title: "非流式回答没有用量",
      todo: "这类调用的费用只能按文本估算。请要求供应商返回用量。",
    },
    no_stream_usage: {
      title: "流式回答没有用量",
      todo: "流式调用的费用只能按文本估算。请要求供应商返回用量。",
    },
    include_usage_ignored: {
      title: "流式用量没有返回",
      todo: "stream_options.include_usage 被忽略，流式调用的费用只能按文本估算。请要求供应商支持它。",
    },
    wrong_content_type: {
      title: "内容类型不对",
      todo: "content-type 与回答不符，严格的客户端会拒绝。请联系供应商，或检查中间是否有代理改写了它。",
    },
    not_streamed: {
      title: "流式请求得到整段回答",
      todo: "请求的是流，返回的却是一个 JSON 对象，用户要等到全部完成。请联系供应商，或换用另一种方言。",
    },
    no_whole_answer: {
      title: "只支持流式",
      todo: "不用流就得不到回答，非流式客户端通过此渠道会失败。请为它们准备其他渠道。",
    },
    burst: {
      title: "流在最后一次性到达",
      todo: "所有片段最后同时到达，中间有缓冲。请检查自己代理的 proxy_buffering，或联系供应商。",
    },
  },
} as const satisfies Texts<typeof en>;
