const RUN_HISTORY = "published run history description v1.0";

/** Operations that azml uses and no recorded client does, each with the reason. */
export const UNRECORDED: Readonly<Record<string, string>> = {
  "PATCH /history/v1.0{ws}/runs/{runId}":
    "code of promptflow (_run_history_client.py); needs no experiment, so it fits runs that were moved",
  "POST /artifact/v2.0{ws}/artifacts/{origin}/{container}/batch/metadata":
    "published 2019-09-30 artifact.json; azureml-core sends the same body to its older form of the path",
  "POST /history/v1.0{ws}/batchrundata":
    `${RUN_HISTORY}; saves a call a run, with one call a run where it is not there`,
  "POST /history/v1.0{ws}/experimentids/{experimentId}/runs:query":
    `${RUN_HISTORY}; recorded clients use the same below the experiment's name, which may change`,
  "POST /history/v1.0{ws}/experiments/{experimentName}":
    `${RUN_HISTORY}; the recorder of requests had every experiment there`,
  "POST /metric/v2.0{ws}/runs/{runId}/batchsync":
    "code of promptflow (_metrics_client.py): waits for the write; `batch` where it is not there",
  "POST /metric/v2.0{ws}/runs/{runId}/lastvalues":
    "recorded from promptflow, which sends it with the body {}",
};
