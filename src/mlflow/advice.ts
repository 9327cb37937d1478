import type { Advice } from "../wire/advice.ts";
import type { MlflowAuth, MlflowConfig } from "./config.ts";

const GIVE = "give `auth` in the config, or set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or " +
  "MLFLOW_TRACKING_TOKEN";

const REFUSED: Readonly<Record<MlflowAuth["kind"], string>> = {
  none: `the server wants a sign-in: ${GIVE}`,
  basic: "user name or password were refused: check `auth` of the config, or MLFLOW_TRACKING_USERNAME and " +
    "MLFLOW_TRACKING_PASSWORD",
  token: "the token was refused: check `auth` of the config, or MLFLOW_TRACKING_TOKEN",
  token_file: "the token was refused: check what `auth.token_file` of the config names",
};

/** What helps with an MLflow server that refuses. */
export function mlflowAdvice({ auth }: Pick<MlflowConfig, "auth">): Advice {
  return {
    signIn: REFUSED[auth.kind],
    refusal: ({ effect }) => {
      const right = effect === "read" ? "READ" : "EDIT";
      return auth.kind === "none"
        ? `nobody is signed in: ${GIVE}`
        : `the signed-in user needs ${right} permission there (MLflow's permissions, or those of a proxy before it)`;
    },
    certificate: "name the CA as `ca_file` in the config, or in MLFLOW_TRACKING_SERVER_CERT_PATH",
  };
}
