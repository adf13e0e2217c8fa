import type en from "../en/setup";
import type { Texts } from "../texts";

export default {
  root: {
    title: "创建超级管理员",
    about: "这是一台新的服务器。第一个账号负责管理它，拥有全部权限。",
    code: "初始化代码",
    code_help: "服务器启动时会打印出来，只能用一次。重启会打印新的代码。",
    submit: "创建超级管理员",
    wrong_code: "代码错误或已经用过。重启服务器会打印新的代码。",
  },
} as const satisfies Texts<typeof en>;
