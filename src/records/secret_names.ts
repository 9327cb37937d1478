/** What a field's name says about its value. */
export type NameVerdict = "secret" | "token" | "environment" | "plain";

/** Names, as words in lower case, whose values are secrets, alone or as the last words of a longer name. */
const SECRET_NAMES = [
  "password",
  "passwd",
  "pwd",
  "passphrase",
  "secret",
  "secrets",
  "client secret",
  "sas",
  "account key",
  "storage key",
  "access key",
  "shared access key",
  "shared access signature",
  "secret key",
  "secret access key",
  "api key",
  "apikey",
  "private key",
  "encryption key",
  "signing key",
  "function key",
  "subscription key",
  "connection string",
  "authorization",
  "cookie",
] as const;

/** Words before `token` with which it is a piece of text or a number, and no secret. */
export const HARMLESS_TOKENS: ReadonlySet<string> = new Set([
  ...["pad", "eos", "bos", "unk", "sep", "cls", "mask", "image", "stop", "start", "end", "special", "prompt"],
  ...["max", "min", "num", "n", "per", "by", "first", "last", "next", "new", "continuation", "skip", "page"],
]);

/** Names of maps whose values are all hidden: anything may stand in an environment variable. */
const ENVIRONMENT_NAMES = new Set(["environment variables", "env vars", "envvars"]);

/** Names inside a secret object that tell of its shape or place, and stay (a SAS in a place is taken out of its text). */
const SHAPE_NAMES = /(?:type|mode|kind|description|format|uri|path)$/i;

/**
 * Judges a field by its name, word by word (`accountKey`, `account_key`, `ACCOUNT-KEY` are one): `token` and
 * `hf_token` are secret, `token_count`, `pad_token`, `secret_sauce`, `monkey`, `public_key`, `secretName` are not.
 */
export function judgeName(name: string): NameVerdict {
  // A verdict is asked for every field of every record, and the names are few.
  const cached = verdicts.get(name);
  if (cached !== undefined) return cached;
  const verdict = judge(words(name));
  if (verdicts.size < VERDICTS_KEPT) verdicts.set(name, verdict);
  return verdict;
}

const verdicts = new Map<string, NameVerdict>();
const VERDICTS_KEPT = 10_000;

/** Whether a field inside a secret object tells only of its shape (`jobInputType`, `mode`). */
export function tellsShape(name: string): boolean {
  return SHAPE_NAMES.test(name);
}

function judge(given: readonly string[]): NameVerdict {
  const name = given.join(" ");
  if (ENVIRONMENT_NAMES.has(name)) return "environment";
  if (given.at(-1) === "token") return HARMLESS_TOKENS.has(given.at(-2) ?? "") ? "plain" : "token";
  return SECRET_NAMES.some((one) => name === one || name.endsWith(" " + one)) ? "secret" : "plain";
}

function words(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
