/** Passkeys, as the browser offers them. */

/** What the server sends: the options, wrapped as its library likes it. */
export type Options = Record<string, unknown>;

/** Whether this browser can, at this address: passkeys need https or localhost. */
export function canUsePasskeys(): boolean {
  return (
    window.isSecureContext &&
    typeof PublicKeyCredential === "function" &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function"
  );
}

/** Asks for a passkey to sign in with. `undefined` when the person turned it down. */
export async function askForPasskey(options: Options): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    plain(options) as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  return answered(() => navigator.credentials.get({ publicKey }));
}

/** Makes a new passkey. `undefined` when the person turned it down. */
export async function makePasskey(options: Options): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    plain(options) as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  return answered(() => navigator.credentials.create({ publicKey }));
}

const plain = (options: Options): Options => (options.publicKey as Options | undefined) ?? options;

async function answered(ask: () => Promise<Credential | null>): Promise<unknown> {
  try {
    const credential = await ask();
    return (credential as PublicKeyCredential | null)?.toJSON();
  } catch (error) {
    if (error instanceof DOMException && ["NotAllowedError", "AbortError"].includes(error.name)) {
      return undefined;
    }
    throw error;
  }
}
