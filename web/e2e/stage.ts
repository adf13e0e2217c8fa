import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** How long a program may take to say where it listens: far longer than it does. */
const patience = 30_000;

const target = process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, "..", "..", "target");
/** Where the programs lie that `cargo xtask test` builds. */
export const programs = join(target, "debug");
export const examples = join(programs, "examples");

/** A Realms of one's own in a fresh folder, and a fake upstream it may call. */
export interface Stage {
  /** Where Realms listens, without a slash at the end. */
  readonly url: string;
  /** Where the fake upstream listens. The key decides what it answers: see `fake_upstream.rs`. */
  readonly upstream: string;
  /** The one-time code for the first root user. */
  readonly setupCode: string;
  /** Where Realms keeps its data. */
  readonly folder: string;
  /** Where mail that Realms sends is written to. */
  readonly mailbox: string;
  /** Stops everything and removes the folder. */
  close(): Promise<void>;
}

/** Starts both programs, built by `cargo xtask test`. */
export async function startStage(environment: Record<string, string> = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "realms-stage-"));
  const mailbox = join(folder, "mail");
  mkdirSync(mailbox); // so that whoever waits for the first letter can look
  const fake = spawn(join(examples, "fake_upstream"), {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [upstream = ""] = await firstMatches(fake, [/^(http:\S+)$/]);
  const realms = spawn(join(programs, "realms"), ["serve"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      REALMS_ADDR: "127.0.0.1:0",
      REALMS_DATA_DIR: join(folder, "data"),
      REALMS_MAIL_DIR: mailbox,
      REALMS_OUTBOUND_ALLOW_PRIVATE: "127.0.0.0/8",
      REALMS_OUTBOUND_USERS_ALLOW_PRIVATE: "127.0.0.0/8",
      REALMS_DRAIN_TIMEOUT: "1s",
      REALMS_ACCOUNT_CALLBACK_ADDR: "off",
      ...environment,
    },
  });
  const [url = "", setupCode = ""] = await firstMatches(realms, [
    /^Realms listens on (http:\S+)$/,
    /^Set-up code .*: (\S+)$/,
  ]);
  return {
    url,
    upstream,
    setupCode,
    folder,
    mailbox,
    async close() {
      fake.stdin?.end();
      await Promise.all([ended(fake), ended(realms, "SIGTERM")]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first group of each pattern, in their order, from the lines a program prints. */
function firstMatches(program: ChildProcess, patterns: RegExp[]): Promise<string[]> {
  const found: string[] = [];
  let complaints = "";
  program.stderr?.on("data", (bytes: Buffer) => {
    complaints = (complaints + bytes.toString()).slice(-4000);
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail("said nothing in time"), patience);
    const fail = (why: string) => {
      clearTimeout(timer);
      program.kill("SIGKILL");
      reject(new Error(`${program.spawnfile} ${why}\n${complaints}`));
    };
    program.once("error", (error) => fail(error.message));
    program.once("exit", (code) => fail(`ended with ${code}`));
    if (!program.stdout) return fail("has no output");
    createInterface({ input: program.stdout }).on("line", (line) => {
      const match = patterns[found.length]?.exec(line);
      if (match?.[1]) found.push(match[1]);
      if (found.length === patterns.length) {
        clearTimeout(timer);
        program.removeAllListeners("exit");
        resolve(found);
      }
    });
  });
}

function ended(program: ChildProcess, signal?: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (program.exitCode !== null) return resolve();
    program.once("exit", () => resolve());
    if (signal) program.kill(signal);
  });
}
