import type { Texts } from "../texts";
import type account from "./account";
import type admin from "./admin";
import type audit from "./audit";
import type auth from "./auth";
import type catalog from "./catalog";
import type channels from "./channels";
import type common from "./common";
import type connect from "./connect";
import type dashboard from "./dashboard";
import type errors from "./errors";
import type groups from "./groups";
import type models from "./models";
import type playground from "./playground";
import type routing from "./routing";
import type settings from "./settings";
import type setup from "./setup";
import type shell from "./shell";
import type tokens from "./tokens";
import type trace from "./trace";
import type ui from "./ui";
import type usage from "./usage";
import type users from "./users";

/** All texts by area: the type of what `useTranslation` may be asked for. */
export interface Catalogue {
  common: Texts<typeof common>;
  shell: Texts<typeof shell>;
  errors: Texts<typeof errors>;
  auth: Texts<typeof auth>;
  setup: Texts<typeof setup>;
  dashboard: Texts<typeof dashboard>;
  tokens: Texts<typeof tokens>;
  connect: Texts<typeof connect>;
  models: Texts<typeof models>;
  usage: Texts<typeof usage>;
  trace: Texts<typeof trace>;
  playground: Texts<typeof playground>;
  account: Texts<typeof account>;
  admin: Texts<typeof admin>;
  channels: Texts<typeof channels>;
  groups: Texts<typeof groups>;
  catalog: Texts<typeof catalog>;
  users: Texts<typeof users>;
  routing: Texts<typeof routing>;
  audit: Texts<typeof audit>;
  settings: Texts<typeof settings>;
  ui: Texts<typeof ui>;
}
