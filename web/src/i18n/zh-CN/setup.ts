import type en from "../en/setup";
import type { Texts } from "../texts";

export default {
  title: "设置这台服务器",
  about: "从这里到第一次成功调用。每一步都可以跳过，以后再做。",
  steps: "步骤",
  is_done: "（已完成）",
  skip: "跳过这一步",
  next: "下一步",
  leave: "退出设置",
  step: {
    root: { name: "超级管理员" },
    address: {
      name: "地址",
      title: "本站的地址",
      about: "它会写进客户端的配置片段，以及邮件里的链接。",
    },
    channel: {
      name: "渠道",
      title: "添加第一个渠道",
      about:
        "渠道就是一家供应商加上你在那里的密钥。有什么就粘贴什么：curl 命令、地址加密钥、配置文件都行。",
    },
    test: {
      name: "测试",
      title: "测试渠道",
      about: "向每个模型问一句话，费用就是这一句话的费用。",
    },
    key: {
      name: "API 令牌",
      title: "创建第一个 API 令牌",
      about: "客户端每次调用本站时都带上它。它不是供应商的密钥。",
    },
    call: {
      name: "接入",
      title: "接入客户端",
      about: "把它粘贴到客户端里，发一条消息。请求会显示在下面。",
    },
    done: {
      name: "完成",
      title: "现在的状态",
      about: "每一步都可以回来再做。",
    },
  },
  address: {
    label: "站点地址",
    detected: "当前页面来自 {{address}}。",
    untrusted_proxy:
      "代理说连接是加密的，但服务器不信任它。请把代理的地址加入受信任的代理，否则链接会以 http 开头。",
    save: "使用这个地址",
  },
  test: {
    no_channel: "还没有可以测试的渠道。",
    run: "测试 {{name}}",
  },
  key: {
    name: "first-key",
    there_one: "你已经有一个令牌。",
    there_other: "你已经有 {{count}} 个令牌。",
  },
  done: {
    all: "全部完成：你的客户端已经通过这台服务器得到了回答。",
    left_one: "还剩一步",
    left_other: "还剩 {{count}} 步",
    onward: "接下来",
    settings: "决定谁可以注册，并设置邮件",
    users: "添加用户",
    channels: "添加更多渠道",
    open: "打开控制台",
  },
  root: {
    title: "创建超级管理员",
    about: "这是一台新的服务器。第一个账号负责管理它，拥有全部权限。",
    code: "初始化代码",
    code_help: "服务器启动时会打印出来，只能用一次。重启会打印新的代码。",
    submit: "创建超级管理员",
    wrong_code: "代码错误或已经用过。重启服务器会打印新的代码。",
  },
} as const satisfies Texts<typeof en>;
