import { HARMLESS_TOKENS } from "./secret_names.ts";

/** What stands in the place of a secret. */
export const REDACTED = "<redacted>";

/** Words near which a piece of text may be a secret; for places where a false alarm costs nothing. */
export const SECRET_WORDS = /pass|pwd|secret|token|key|sig|auth|cred|bearer|sas|eyJ|environ|variable/i;

/** One way in which a secret stands inside a longer text. The named group `keep` is what stays before it. */
interface SecretText {
  readonly what: string;
  readonly pattern: RegExp;
}

/** What ends a value inside a text. */
const VALUE = String.raw`(?!<redacted>)[^\s;,&"'\\<>]+`;

/** A value in a command that is no placeholder (`$TOKEN`, `${{inputs.token}}`, `%TOKEN%`) and no next option. */
const ARGUMENT = String.raw`(?!<redacted>|[$%-])[^\s;|&"'\\<>]+`;

/** The same for a `token`, which may also be a number of tokens. */
const TOKEN_ARGUMENT = String.raw`(?!\d+(?:\s|$))${ARGUMENT}`;

const NAMES = "pass(?:word|wd|phrase)|secret|(?:account|shared-?access|access|api|private|storage)[-_]?key|" +
  "connection[-_]?string";

const TOKEN_NAME = `(?<!(?:${[...HARMLESS_TOKENS].join("|")})[-_])token`;

/**
 * The shapes of secrets inside texts. Each is exact about what it takes, so that names such as `token_count`, the
 * `container@account` of `abfss://` or the organisation in an Azure DevOps address stay as they are; and none looks
 * back over what it passed, so that a long hostile text takes no longer than its length.
 */
export const SECRET_TEXTS: readonly SecretText[] = [
  {
    what: "SAS of a connection string",
    pattern: rule(String.raw`(?<keep>SharedAccessSignature\s*=\s*)(?!<redacted>)[^;"'\s\\<>]+`),
  },
  { what: "signature of a SAS", pattern: rule(String.raw`(?<keep>(?:^|[?&;\s"'])sig=)${VALUE}`) },
  {
    what: "signature of a SAS inside an encoded URL",
    pattern: rule(String.raw`(?<keep>%(?:3F|26)sig%3D)(?!<redacted>)(?:[^\s%&"'<>]|%(?!26))+`),
  },
  {
    what: "connection string",
    pattern: rule(
      String
        .raw`(?<keep>(?:^|[;,\s"'?&])(?:AccountKey|SharedAccessKey|SharedSecret\w*|Password|Pwd|ClientSecret)\s*=\s*)` +
        String.raw`(?!<redacted>|[$%])[^;"'\s\\<>]+`,
    ),
  },
  {
    what: "authorization header",
    pattern: rule(
      String.raw`(?<keep>Authorization["']?\s*[:=]\s*["']?(?:(?:Bearer|Basic|Digest)\s+)?)` +
        String.raw`(?!(?:Bearer|Basic|Digest)\s)${VALUE}`,
    ),
  },
  { what: "bearer token", pattern: rule(String.raw`(?<keep>\bBearer\s+)(?=[^\s"']*\d)[\w.~+/=-]{16,}`) },
  { what: "signed token", pattern: rule(String.raw`(?<keep>)(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]*){1,4}`, "g") },
  {
    // `oauth2` and the like have a password behind them; the organisation in an Azure DevOps address is its path, too.
    what: "token as the user of a URL",
    pattern: rule(
      String.raw`(?<keep>(?<![\w+.-])(?:[a-z]{1,10}\+)?https?://)(?!<redacted>|[$%{]|git@)` +
        String.raw`(?!(?<org>[\w.-]{1,100})@dev\.azure\.com/\k<org>(?:/|$))` +
        String.raw`[^\s/@:?#"'\\<>]{1,2000}(?=(?::(?:x-oauth-basic)?)?@)`,
    ),
  },
  {
    what: "password in a URL",
    pattern: rule(
      String
        .raw`(?<keep>(?<![\w+.-])[a-z][a-z0-9+.-]{0,30}://[^\s/@:?#"']{0,200}:)(?!<redacted>)[^\s/@?#"']{1,2000}(?=@)`,
    ),
  },
  {
    what: "token of a known service",
    pattern: rule(
      String
        .raw`(?<keep>)\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,}|glpat-[\w-]{20,}|hf_[A-Za-z0-9]{30,}` +
        String
          .raw`|sk-(?:proj-)?[A-Za-z0-9_]{32,}|xox[abprs]-[\w-]{10,}|AKIA[A-Z0-9]{16}|dapi[0-9a-f]{32})(?![\w-])`,
      "g",
    ),
  },
  {
    what: "private key",
    pattern: rule(
      String.raw`(?<keep>-----BEGIN [A-Z ]*PRIVATE KEY-----)(?!<redacted>)(?:(?!-----)[\s\S])+`,
      "g",
    ),
  },
  ...[[NAMES, ARGUMENT] as const, [TOKEN_NAME, TOKEN_ARGUMENT] as const].flatMap(([names, value]) => [
    {
      what: "option of a command",
      pattern: rule(String.raw`(?<keep>(?:^|\s)--?(?:[\w-]*[-_])?(?:${names})(?:\s+|=)["']?)${value}`),
    },
    {
      what: "variable set in a command",
      pattern: rule(String.raw`(?<keep>(?:^|[\s;&"'])(?:\w*_)?(?:${names})=["']?)${value}`),
    },
  ]),
];

function rule(source: string, flags = "gi"): RegExp {
  return new RegExp(source, flags);
}

/** The cheap first look: nearly every text holds none of these, and is then no secret. */
const MAYBE =
  /sig|key|pass|pwd|secret|token|bearer|authorization|eyJ|:\/\/|gh[pousr]_|github_pat|glpat|hf_|sk-|xox|AKIA|dapi|string/i;

/** A text with its secrets replaced; the very same text when it holds none. */
export function redactText(text: string): string {
  if (!MAYBE.test(text)) return text;
  let clean = text;
  for (const { pattern } of SECRET_TEXTS) clean = clean.replace(pattern, `$<keep>${REDACTED}`);
  return clean;
}
