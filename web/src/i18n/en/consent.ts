/** Letting an app in: the question a user is asked, and what an app may do. */
export default {
  title: "An app asks for access",
  publisher: "Published by",
  no_publisher: "Publisher not given",
  may: "If you allow it, it may:",
  scope: {
    profile: {
      name: "Know who you are",
      short: "Profile",
      text: "It learns your account name and your id.",
    },
    email: {
      name: "Know your e-mail address",
      short: "E-mail",
      text: "It learns the address of your account.",
    },
    relay: {
      name: "Call models in your name",
      short: "Models",
      text: "What it calls is charged to your balance or plan. It gets an API key of its own: you can set limits for it there, under API keys.",
    },
  },
  take_back: "You can take this back any time under Account.",
  sent_to: "You are then sent to",
  this_computer:
    "This is a program on this computer. Allow it only if you have just started it yourself.",
  account: "Your account",
  switch: "Switch account",
  remember: "Do not ask again for the same",
  approve: "Allow",
  deny: "Deny",
  leaving: "You are being sent to the app. If nothing happens, begin again there.",
  back: "You have answered this. To begin again, go back to the app.",
  wrong: {
    title: "This app is set up wrongly",
    unknown_client: "No app is known here by the id it gave, or it is switched off.",
    redirect_mismatch: "It asks for you to be sent to an address that is not its own.",
    whom: "Nothing was told to it. Tell whoever makes the app, or whoever runs this site.",
  },
} as const;
