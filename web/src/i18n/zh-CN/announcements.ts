import type en from "../en/announcements";
import type { Texts } from "../texts";

export default {
  title: "公告",
  about: "站点管理员发布的消息。",
  none: "没有公告",
  none_text: "站点管理员发布的公告会显示在这里。",
  which: "显示哪些公告",
  choice: { all: "全部", unread: "未读" },
  unread: "未读",
  pinned: "置顶",
  mark_all: "全部标为已读",
  no_end: "不会自动结束",
  column: {
    severity: "级别",
    title: "标题",
    published: "发布时间",
    expires: "结束时间",
  },
  severity: {
    info: "通知",
    warning: "警告",
    critical: "紧急",
  },
  only: {
    en: "此公告只有英文版本。",
    zh: "此公告只有中文版本。",
  },
  page: {
    title: "公告",
    loading: "正在加载公告",
    gone: "此公告已不存在",
    gone_text: "公告可能已结束、已撤回，或不面向你的账号。",
    all: "全部公告",
    others: "其他公告",
    previous: "上一条",
    next: "下一条",
  },
  urgent: {
    label: "紧急公告",
    text: "公告内容",
    dismiss: "不再显示此公告",
    read: "我已阅读",
  },
} as const satisfies Texts<typeof en>;
