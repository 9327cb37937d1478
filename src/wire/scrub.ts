/** Secrets that can stand in a text, each with what is left of it. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\bBearer\s+[\w.~+/=-]+/gi, "Bearer <redacted>"],
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){1,2}/g, "<redacted>"],
  [/([?&;\s"']|^)(sig|skoid|client_secret|code)=[^&\s"'<>;]+/gi, "$1$2=<redacted>"],
  [/\b(AccountKey|SharedAccessKey|SharedAccessSignature|password)=[^;\s"'<>]+/gi, "$1=<redacted>"],
  [/("(?:key|sasToken|accessToken|access_token|password|secret)"\s*:\s*)"[^"]*"/gi, '$1"<redacted>"'],
];

/** Takes tokens, SAS signatures and keys out of a text that a service or a tool wrote. */
export function scrub(text: string): string {
  return SECRETS.reduce((clean, [pattern, left]) => clean.replaceAll(pattern, left), text);
}
