// Drives openid-client, a certified client library of OAuth 2, through everything an app does with this
// authorization server. Prints what it got as one line of JSON.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(process.env.REALMS_CLIENTS_DIR + "/");
const oauth = require("openid-client");

const { BASE_URL, ADMIN_KEY, USER, PASSWORD } = process.env;
const site = new URL(BASE_URL);
const back = "http://127.0.0.1:51234/cb";

/** Sends JSON to the console. */
async function send(method, path, body, headers) {
  const answer = await fetch(new URL(path, site), {
    method,
    headers: { "content-type": "application/json", "sec-fetch-site": "same-origin", ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return { answer, json: text === "" ? undefined : JSON.parse(text) };
}

/** An app, as root makes it. */
async function makeApp(name, confidential, scopes) {
  const draft = { name, redirect_uris: [back], scopes, confidential, access_token_s: 3600 };
  const { json } = await send("POST", "/api/admin/oauth-apps", draft, {
    authorization: `Bearer ${ADMIN_KEY}`,
  });
  return { id: json.app.id, secret: json.client_secret };
}

/** Somebody with a browser who lets in whatever sends them here. */
async function signIn() {
  const { answer, json } = await send("POST", "/api/session", { login: USER, password: PASSWORD });
  const [cookie] = answer.headers.getSetCookie()[0].split(";");
  const id = (json.me ?? json).id;
  return async (address) => {
    const { pathname, search } = new URL(address);
    assert.equal(pathname, "/oauth/authorize");
    const decision = { query: search.slice(1), decision: "approve", remember: false };
    const headers = { cookie, "realms-user": id };
    const decided = await send("POST", "/api/oauth/authorize", decision, headers);
    return new URL(decided.json.redirect_to);
  };
}

/** What the library knows of the server, which says of itself where everything is. */
function discover({ id, secret }) {
  const proof = secret === undefined ? oauth.None() : oauth.ClientSecretBasic(secret);
  const options = { execute: [oauth.allowInsecureRequests], algorithm: "oauth2" };
  return oauth.discovery(site, id, undefined, proof, options);
}

/** Sends somebody to be asked, and gives where they come back to. */
async function ask(config, approve, scope, changed = {}) {
  const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
  const expectedState = oauth.randomState();
  const address = oauth.buildAuthorizationUrl(config, {
    redirect_uri: back,
    scope,
    state: expectedState,
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    ...changed,
  });
  return { came: await approve(address), checks: { pkceCodeVerifier, expectedState } };
}

/** The word of the error that this ends in. */
async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    // A challenge that names no error has it in its body.
    const body = error.response?.bodyUsed === false ? await error.response.json() : {};
    return error.error ?? error.cause?.[0]?.parameters?.error ?? body.error ?? String(error);
  }
  return "not refused";
}

/** What is behind a token. */
async function fetchAs(config, token, path) {
  const answer = await oauth.fetchProtectedResource(config, token, new URL(path, site), "GET");
  const json = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(path), { error: json.error.code });
  return json;
}

async function publicApp(approve) {
  const config = await discover(await makeApp("Notebook", false, ["profile", "relay"]));
  const { came, checks } = await ask(config, approve, "profile relay");
  const tokens = await oauth.authorizationCodeGrant(config, came, checks);
  const who = await fetchAs(config, tokens.access_token, "/oauth/userinfo");
  const models = await fetchAs(config, tokens.access_token, "/v1/models");
  const renewed = await oauth.refreshTokenGrant(config, tokens.refresh_token);
  const again = await refused(oauth.refreshTokenGrant(config, tokens.refresh_token));
  const ended = await refused(fetchAs(config, renewed.access_token, "/oauth/userinfo"));
  return {
    type: tokens.token_type,
    scope: tokens.scope,
    who: who.preferred_username,
    email: who.email ?? null,
    models: models.data.map(({ id }) => id),
    renewed: renewed.scope,
    again,
    ended,
  };
}

async function replayed(approve) {
  const config = await discover(await makeApp("Replay", false, ["profile"]));
  const { came, checks } = await ask(config, approve, "profile");
  const tokens = await oauth.authorizationCodeGrant(config, came, checks);
  const second = await refused(oauth.authorizationCodeGrant(config, came, checks));
  const ended = await refused(fetchAs(config, tokens.access_token, "/oauth/userinfo"));
  return { second, ended };
}

async function misused(approve) {
  const app = await makeApp("Misused", false, ["profile"]);
  const config = await discover(app);
  const asked = await ask(config, approve, "profile");
  const guess = { ...asked.checks, pkceCodeVerifier: oauth.randomPKCECodeVerifier() };
  const verifier = await refused(oauth.authorizationCodeGrant(config, asked.came, guess));
  const elsewhere = { redirect_uri: "https://evil.example/cb" };
  const redirect = await refused(ask(config, approve, "profile", elsewhere));
  const beyond = await ask(config, approve, "profile relay");
  const more = await refused(oauth.authorizationCodeGrant(config, beyond.came, beyond.checks));
  const known = await ask(config, approve, "profile");
  const tokens = await oauth.authorizationCodeGrant(config, known.came, known.checks);
  const wider = { scope: "profile relay" };
  const widened = await refused(oauth.refreshTokenGrant(config, tokens.refresh_token, wider));
  const call = await refused(fetchAs(config, tokens.access_token, "/v1/models"));
  return {
    verifier,
    redirect: /redirect_mismatch/.test(redirect),
    more,
    widened,
    call,
  };
}

async function secretApp(approve) {
  const app = await makeApp("Server", true, ["profile"]);
  const config = await discover(app);
  const { came, checks } = await ask(config, approve, "profile");
  const guess = await discover({ ...app, secret: "guessed" });
  const guessed = await refused(oauth.authorizationCodeGrant(guess, came, checks));
  const tokens = await oauth.authorizationCodeGrant(config, came, checks);
  await oauth.tokenRevocation(config, tokens.refresh_token);
  const revoked = await refused(fetchAs(config, tokens.access_token, "/oauth/userinfo"));
  return { guessed, revoked };
}

const approve = await signIn();
console.log(
  JSON.stringify({
    public: await publicApp(approve),
    replayed: await replayed(approve),
    misused: await misused(approve),
    secret: await secretApp(approve),
  }),
);
