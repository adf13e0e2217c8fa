/** Announcements as everybody reads them. */
export default {
  title: "Announcements",
  about: "What those who run this site tell everybody.",
  none: "No announcements",
  none_text: "What those who run this site have to tell appears here.",
  which: "Which announcements",
  choice: { all: "All", unread: "Unread" },
  unread: "Unread",
  pinned: "Pinned",
  mark_all: "Mark all as read",
  no_end: "It does not end by itself",
  column: {
    severity: "Kind",
    title: "Title",
    published: "Published",
    expires: "Ends",
  },
  severity: {
    info: "Information",
    warning: "Warning",
    critical: "Critical",
  },
  /** Which language it is there in, where that is not the reader's. */
  only: {
    en: "This announcement is there in English only.",
    zh: "This announcement is there in Chinese only.",
  },
  page: {
    title: "Announcement",
    loading: "Loading the announcement",
    gone: "This announcement is gone",
    gone_text: "It has ended, was withdrawn, or is not for your account.",
    all: "All announcements",
    others: "Other announcements",
    previous: "Previous",
    next: "Next",
  },
  urgent: {
    label: "Urgent announcement",
    text: "Text of the announcement",
    dismiss: "Dismiss the announcement",
    read: "I have read it",
  },
} as const;
