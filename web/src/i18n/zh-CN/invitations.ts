import type en from "../en/invitations";
import type { Texts } from "../texts";

export default {
  title: "邀请",
  about: "通过你的链接注册的人计为你的邀请。",
  link: "你的链接",
  link_field: "邀请链接",
  link_copied: "链接",
  link_help: "发给你认识的人，使用人数不限。",
  renew: "更换链接",
  renew_title: "更换邀请链接？",
  renew_text: "现有链接会立即失效，无论你发到了哪里。已通过它注册的人仍然计入。",
  renewed: "已更换为新链接，旧链接不再有效",
  terms: {
    none: "目前邀请没有奖励。",
    sign_up: {
      both: "有人通过它注册后，你获得 {{inviter}} 额度，对方获得 {{invitee}} 额度。",
      inviter: "有人通过它注册后，你获得 {{inviter}} 额度。",
      invitee: "有人通过它注册后，对方获得 {{invitee}} 额度。",
    },
    first_payment: {
      both: "通过它注册的人首次付款后，你获得 {{inviter}} 额度，对方获得 {{invitee}} 额度。",
      inviter: "通过它注册的人首次付款后，你获得 {{inviter}} 额度。",
      invitee: "通过它注册的人首次付款后，对方获得 {{invitee}} 额度。",
    },
  },
  sums: "邀请成果",
  invited: "通过它注册",
  rewarded: "其中已奖励",
  earned: "累计获得",
  latest: {
    title: "最近的邀请",
    about: "注册时间，最多 50 条。不显示是谁，以保护对方隐私。",
    none: "还没有人",
    none_text: "通过你的链接注册的人会计入这里。",
    at: "注册时间",
    rewarded: "奖励时间",
    waiting: "尚未奖励",
  },
} as const satisfies Texts<typeof en>;
