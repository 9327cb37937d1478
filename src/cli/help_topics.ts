import { EXIT_CODES } from "./exit_codes.ts";

/** A topic of `azml help <topic>`. */
export interface HelpTopic {
  readonly brief: string;
  readonly text: () => string;
}

/** What `azml help` can explain beside the commands. */
export const HELP_TOPICS: Readonly<Record<string, HelpTopic>> = {
  "exit-codes": {
    brief: "what the exit codes mean",
    text: () =>
      "Exit codes, the same in every command. Where several apply, the first in this list wins;\n" +
      "a code that you do not know is a failure.\n\n" +
      EXIT_CODES.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`).join("\n") + "\n",
  },
  jq: {
    brief: "how to put jq between the stages",
    text: () =>
      `Records are one JSON object a line, flat, so jq selects them as they are:

  azml extract --source a.json | jq -c 'select(.experiment=="churn")' | azml submit --as runs --target b.json

Beside data, a stream carries control records: "error" (one record failed) and "end" (the last line of each
stage, with its counts). A filter that drops them works, but then the last stage cannot tell that something
went wrong before it. To let them pass:

  jq -c 'select(.kind!="job" or .status=="Completed")'      all but the jobs that are not Completed
  jq -c -L config 'include "azml"; jobs(.status=="Completed")'   the same with config/azml.jq

"points" records hold metric points beyond 50,000 a job and belong right behind their job. Points whose job did
not pass are left aside and counted as dropped.

azml filter has the words of azml extract (--experiment, --status, --type, --tag ...) for machines without jq;
it lets control records pass and keeps whole trees.
`,
  },
  config: {
    brief: "config files of workspaces and MLflow servers, and what else --source and --target take",
    text: () =>
      `--source and --target take the path of a config file, an azureml://subscriptions/.../workspaces/... id, the ARM
id or tracking URI of a workspace, or the http(s):// address of an MLflow server. Without the option:
./.azureml/config.json, else ./config.json.

A config is JSON with comments. Of a workspace; the file that Azure's portal downloads works as it is:

  {
    "subscription_id": "...", "resource_group": "...", "workspace_name": "...",
    "tenant_id": "...",               // optional from here on
    "cloud": "AzureCloud",            // AzureUSGovernment, AzureChinaCloud, or the URL of a cloud metadata document
    "credential": "default",          // default, cli, environment, managed-identity, workload-identity, device-code
    "source_id": "...",               // the name under which this side is known in records and target names
    "endpoints": {                    // only what discovery cannot know: private set-ups, an emulator
      "resource_manager": "http://127.0.0.1:8801",
      "blob": "http://127.0.0.1:10000/{account}"
    }
  }

Plain http is for loopback alone. Of an MLflow server:

  {
    "mlflow_tracking_uri": "https://mlflow.example.com/team",
    "mlflow_registry_uri": "https://...",       // optional from here on; where the model registry is another server
    "mlflow_workspace": "research",             // of a server that has workspaces; else MLFLOW_WORKSPACE
    "auth": { "token_env": "MY_TOKEN" },        // or { "username_env", "password_env" }, or { "token_file" }
    "headers_env": { "X-Api-Key": "MY_KEY" },   // headers for a proxy before it: the variables that hold their values
    "ca_file": "ca.pem",                        // certificates of a CA of your own
    "source_id": "..."
  }

Variables are named, secrets never stand in the file; other files lie beside it. Without "auth": the credentials in
the address, else MLflow's own variables (azml help environment). A key that azml does not know is an error that
names it.
`,
  },
  environment: {
    brief: "the environment variables that azml reads",
    text: () =>
      `  NO_COLOR                 no colours on stderr
  HTTPS_PROXY, NO_PROXY    proxy for services (http too)
  NODE_EXTRA_CA_CERTS      more CA certificates to trust, as a PEM file
  AZML_RETRIES             how often a request is sent again after throttling or a lost connection (5)
  MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD, MLFLOW_TRACKING_TOKEN
                           sign-in to MLflow servers whose config has no "auth"
  MLFLOW_WORKSPACE         workspace on MLflow servers that have them, where the config names none
  MLFLOW_TRACKING_SERVER_CERT_PATH, MLFLOW_TRACKING_INSECURE_TLS
                           a CA file for MLflow servers, or (true) no check of certificates at all
  AZURE_*                  what the sign-in of "credential": "environment" and "workload-identity" reads
  PATH                     where "credential": "cli" finds az
`,
  },
};
