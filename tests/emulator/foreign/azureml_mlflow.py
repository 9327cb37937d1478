"""Drives a running emulator with unmodified mlflow and azureml-mlflow: `azureml_mlflow.py FOLDER`. See README.md here."""

import json
import math
import pathlib
import sys
import tempfile

import mlflow
from mlflow import MlflowClient

config = json.loads(pathlib.Path(sys.argv[1], "a.json").read_text())
workspace = "/subscriptions/{subscription_id}/resourceGroups/{resource_group}".format(**config)
workspace += "/providers/Microsoft.MachineLearningServices/workspaces/" + config["workspace_name"]
mlflow.set_tracking_uri("azureml://eastus.api.azureml.ms/mlflow/v1.0" + workspace)
client = MlflowClient()

mlflow.set_experiment("from mlflow ü")
with mlflow.start_run(run_name="parent") as parent:
    mlflow.log_param("p", 1)
    mlflow.log_metric("m", float("nan"), step=1)
    mlflow.log_metrics({"a": 1.0, "b": 2.0}, step=2)
    source = pathlib.Path(tempfile.mkdtemp(), "f x.txt")
    source.write_text("hi")
    mlflow.log_artifact(str(source))
    with mlflow.start_run(run_name="child", nested=True) as child:
        mlflow.log_metric("m", 3)

logged = client.get_run(parent.info.run_id).data
assert math.isnan(logged.metrics["m"]) and logged.metrics["b"] == 2.0 and logged.params == {"p": "1"}, logged
assert client.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == parent.info.run_id
assert [found.path for found in client.list_artifacts(parent.info.run_id)] == ["f x.txt"]
assert len(client.get_metric_history("brave_apple_k3x9q2", "loss")) == 1000
copy = mlflow.artifacts.download_artifacts(
    run_id="brave_apple_k3x9q2", artifact_path="outputs/metrics.json", dst_path=tempfile.mkdtemp()
)
assert json.loads(pathlib.Path(copy).read_text()) == {"accuracy": 0.892}
print("ok     mlflow")
