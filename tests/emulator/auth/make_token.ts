/** An unsigned JWT as the stand-in `az` makes it, for tests that speak to the emulator themselves. Lives an hour. */
export function makeToken(resource: string, tenant: string, seconds = 3600): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    aud: resource.replace(/\/\.default$/, ""),
    iss: `https://sts.windows.net/${tenant}/`,
    iat: now,
    nbf: now,
    exp: now + seconds,
    tid: tenant,
    oid: "0b1ec700-0000-4000-8000-0123456789ab",
    name: "Azml Tester",
  };
  const part = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`;
}
