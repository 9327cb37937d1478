import { Failure } from "../records/failure.ts";
import type { ServerSignIn } from "../wire/server_sign_in.ts";
import type { MlflowConfig } from "./config.ts";

/** The sign-in that a config tells. Nothing is read before the first request. */
export function mlflowSignIn({ auth, headers }: Pick<MlflowConfig, "auth" | "headers">): ServerSignIn {
  switch (auth.kind) {
    case "none":
      return fixed(null, headers);
    case "basic":
      return fixed(`Basic ${base64(`${auth.username}:${auth.password}`)}`, headers);
    case "token":
      return fixed(`Bearer ${auth.token}`, headers);
    case "token_file":
      return ofFile(auth.path, headers);
  }
}

function fixed(authorization: string | null, headers: ServerSignIn["headers"]): ServerSignIn {
  return { authorization: () => Promise.resolve(authorization), headers };
}

/** Reads the file once, and anew when its token was refused. */
function ofFile(path: string, headers: ServerSignIn["headers"]): ServerSignIn {
  let held: Promise<string> | null = null;
  return {
    async authorization(fresh) {
      if (fresh) held = null;
      held ??= readToken(path);
      return `Bearer ${await held}`;
    },
    headers,
  };
}

async function readToken(path: string): Promise<string> {
  const text = await Deno.readTextFile(path).catch((error: unknown) => {
    const why = error instanceof Deno.errors.NotFound ? "there is no such file" : String(error);
    throw tokenFailure(path, why, error);
  });
  const token = text.trim();
  if (token === "") throw tokenFailure(path, "the file is empty");
  if (/\s/.test(token)) throw tokenFailure(path, "the file holds more than one word");
  return token;
}

function tokenFailure(path: string, why: string, cause?: unknown): Failure {
  return new Failure(`no token could be read from ${path}: ${why}`, {
    code: "token_file",
    reach: "auth",
    retryable: false,
    hint: "check `auth.token_file` of the config",
    cause,
  });
}

/** Of the text's UTF-8 bytes: user names may hold any letter. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
