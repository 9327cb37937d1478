/** What a server wants to see: a password or a bearer token. */
export type SignIn =
  | { readonly username: string; readonly password: string }
  | { readonly token: string };

/** Null when a request may pass, else the 401 that MLflow's basic-auth answers. */
export function refusal(signIn: SignIn | undefined, authorization: string | null): Response | null {
  if (signIn === undefined || authorization === wanted(signIn)) return null;
  const realm = "token" in signIn ? 'Bearer realm="mlflow"' : 'Basic realm="mlflow"';
  return new Response(
    "You are not authenticated. Please see https://www.mlflow.org/docs/latest/auth/index.html" +
      "#authenticating-to-mlflow on how to authenticate.",
    { status: 401, headers: { "www-authenticate": realm, "content-type": "text/html; charset=utf-8" } },
  );
}

function wanted(signIn: SignIn): string {
  if ("token" in signIn) return `Bearer ${signIn.token}`;
  const bytes = new TextEncoder().encode(`${signIn.username}:${signIn.password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
