import * as z from "zod";
import { isName } from "../azure/workspace_id.ts";
import { isLoopback } from "../wire/address.ts";
import { CREDENTIALS } from "../wire/sign_in.ts";

const name = z.string().refine(isName, 'must not be empty, nor hold a slash, "?", "#", "%" or a blank');

/** An address that secrets may go to: https, or http on this machine. */
const address = z.string().refine(
  isSafeAddress,
  "must be an https:// address (http:// on this machine alone)",
);

/** An Azure config; the file that Azure's portal downloads is one. */
export const workspaceConfigSchema = z.strictObject({
  subscription_id: name,
  resource_group: name,
  workspace_name: name,
  tenant_id: z.exactOptional(z.nullable(name)),
  cloud: z.exactOptional(z.string()),
  credential: z.exactOptional(z.enum(CREDENTIALS)),
  compute: z.exactOptional(z.string()),
  source_id: z.exactOptional(z.string().min(1)),
  endpoints: z.exactOptional(z.strictObject({
    resource_manager: z.exactOptional(address),
    blob: z.exactOptional(
      z.string()
        .refine((text) => text.includes("{account}"), 'must hold "{account}" where the account\'s name goes')
        .refine(
          (text) => isSafeAddress(text.replaceAll("{account}", "account")),
          "must be an https:// address (http:// on this machine alone)",
        ),
    ),
  })),
});

/** Ways to sign in to an MLflow server, by the keys that tell each. */
const WAYS = ["password_env,username_env", "token_env", "token_file"];

/** The config of an MLflow server. */
export const mlflowConfigSchema = z.strictObject({
  mlflow_tracking_uri: z.string(),
  mlflow_registry_uri: z.exactOptional(z.string()),
  mlflow_workspace: z.exactOptional(z.string().min(1)),
  auth: z.exactOptional(
    z.strictObject({
      username_env: z.exactOptional(z.string()),
      password_env: z.exactOptional(z.string()),
      token_env: z.exactOptional(z.string()),
      token_file: z.exactOptional(z.string().min(1)),
    }).refine(
      (auth) => WAYS.includes(Object.keys(auth).sort().join()),
      'must hold "username_env" and "password_env", or "token_env", or "token_file"',
    ),
  ),
  headers_env: z.exactOptional(z.record(z.string(), z.string())),
  ca_file: z.exactOptional(z.string().min(1)),
  source_id: z.exactOptional(z.string().min(1)),
});

function isSafeAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)));
}
