/** Inviting others by a link. */
export default {
  title: "Invitations",
  about: "Who signs up by your link counts as invited by you.",
  link: "Your link",
  link_field: "Invitation link",
  link_copied: "the link",
  link_help: "Give it to people you know. It works for any number of them.",
  renew: "Make a new link",
  renew_title: "Make a new link?",
  renew_text:
    "The link there is now stops working at once, wherever you gave it. Who came by it stays counted.",
  renewed: "The new link is there, and the old one works no longer",
  terms: {
    none: "Invitations bring no credit at the moment.",
    sign_up: {
      both: "When somebody signs up by it, you get {{inviter}} and they get {{invitee}} of credit.",
      inviter: "When somebody signs up by it, you get {{inviter}} of credit.",
      invitee: "When somebody signs up by it, they get {{invitee}} of credit.",
    },
    first_payment: {
      both: "When somebody who signed up by it pays for the first time, you get {{inviter}} and they get {{invitee}} of credit.",
      inviter:
        "When somebody who signed up by it pays for the first time, you get {{inviter}} of credit.",
      invitee:
        "When somebody who signed up by it pays for the first time, they get {{invitee}} of credit.",
    },
  },
  sums: "What came of it",
  invited: "Signed up by it",
  rewarded: "Of those, rewarded",
  earned: "Earned",
  latest: {
    title: "The latest",
    about: "When they came, at most 50. Who they are is not told: that is theirs to tell.",
    none: "Nobody yet",
    none_text: "Whoever signs up by your link is counted here.",
    at: "Signed up",
    rewarded: "Rewarded",
    waiting: "Not yet",
  },
} as const;
