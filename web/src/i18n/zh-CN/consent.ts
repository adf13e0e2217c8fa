import type en from "../en/consent";
import type { Texts } from "../texts";

export default {
  title: "应用请求授权",
  publisher: "发布者：",
  no_publisher: "未注明发布者",
  may: "允许后，它可以：",
  scope: {
    profile: {
      name: "知道你是谁",
      short: "资料",
      text: "它会得知你的账号名和 ID。",
    },
    email: {
      name: "知道你的邮箱地址",
      short: "邮箱",
      text: "它会得知你账号的邮箱。",
    },
    relay: {
      name: "以你的名义调用模型",
      short: "模型",
      text: "它的调用计入你的余额或套餐。它会有一个单独的 API 令牌，你可以在“API 令牌”页为它设置限额。",
    },
  },
  take_back: "你随时可以在“账号”页收回授权。",
  sent_to: "随后将转到",
  this_computer: "这是本机上的程序。只有刚刚由你自己启动了它，才应允许。",
  account: "你的账号",
  switch: "切换账号",
  remember: "相同的请求不再询问",
  approve: "允许",
  deny: "拒绝",
  leaving: "正在转到应用。如果没有反应，请回到应用重新开始。",
  back: "你已经答复过了。如需重新开始，请回到应用。",
  wrong: {
    title: "此应用的设置有误",
    unknown_client: "本站没有它所给 ID 对应的应用，或该应用已停用。",
    redirect_mismatch: "它要求把你转到一个不属于它的地址。",
    whom: "没有向它透露任何信息。请告知应用的开发者或本站管理员。",
  },
} as const satisfies Texts<typeof en>;
