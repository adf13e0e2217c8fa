import type en from "../en/api_docs";
import type { Texts } from "../texts";

export default {
  title: "API 参考",
  intro:
    "本控制台的一切操作都经由此 API。程序以 Bearer 方式发送管理 API 令牌；控制台发送会话 Cookie 和 Realms-User 请求头。",
  search: "按路径或用途搜索",
  no_match: "没有匹配的操作",
  parameters: "参数",
  body: "请求体",
  answers: "响应",
  required: "必填",
} satisfies Texts<typeof en>;
