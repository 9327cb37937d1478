"""Tells all that an MLflow server holds, by MLflow's own client, as JSON: python read_back.py <tracking uri> [<uri> ...].

Ids differ from server to server: each is told as the name of what it stands for, wherever it is met, also in text.
Several servers are told one a line.
"""

import hashlib
import json
import logging
import math
import os
import re
import sys
import tempfile
import urllib.parse
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "2"

import mlflow  # noqa: E402
import requests  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import ViewType  # noqa: E402

TEXT_FILES = {"MLmodel"}
ID = re.compile(r"(?:m-)?[0-9a-f]{32}")
PLAIN = re.compile(r"[\x20-\x22\x24\x26-\x7e]+")  # ASCII without # and %
PAGE = 100


def paged(ask):
    token = None
    while True:
        page = ask(token)
        yield from page
        token = page.token
        if not token:
            return


def number(value):
    return value if math.isfinite(value) else str(value)


class ReadBack:
    def __init__(self, uri):
        mlflow.set_tracking_uri(uri)
        self.uri = uri
        self.client = MlflowClient(uri)
        self.names = {}

    def all(self):
        client = self.client
        experiments = list(paged(lambda token: client.search_experiments(ViewType.ALL, PAGE, page_token=token)))
        runs = {one.experiment_id: self.runs_of(one) for one in experiments}
        models = {one.experiment_id: self.logged_models_of(one) for one in experiments}
        for one in experiments:
            for run in runs[one.experiment_id]:
                self.names[run.info.run_id] = f"<run {one.name}/{run.info.run_name}>"
            for model in models[one.experiment_id]:
                self.names[model.model_id] = f"<logged model {one.name}/{model.name}>"
        told = {
            "experiments": {one.name: self.experiment(one) for one in experiments},
            "runs": self.keyed(run for some in runs.values() for run in some),
            "logged_models": {
                self.names[model.model_id]: self.logged_model(model) for some in models.values() for model in some
            },
            "models": {one.name: self.model(one) for one in paged(lambda token: client.search_registered_models(None, PAGE, page_token=token))},
        }
        return self.named(told)

    def keyed(self, runs):
        """Runs by name; one that came twice is told, and not taken for the first."""
        told = {}
        for run in runs:
            key = self.names[run.info.run_id]
            while key in told:
                key += " again"
            told[key] = self.run(run)
        return told

    def named(self, value):
        if isinstance(value, str):
            return ID.sub(lambda found: self.names.get(found[0], found[0]), value)
        if isinstance(value, list):
            return [self.named(one) for one in value]
        if isinstance(value, dict):
            return {self.named(key): self.named(one) for key, one in value.items()}
        return value

    def runs_of(self, experiment):
        ids = [experiment.experiment_id]
        return list(paged(lambda token: self.client.search_runs(ids, "", ViewType.ALL, PAGE, page_token=token)))

    def logged_models_of(self, experiment):
        if not hasattr(self.client, "search_logged_models"):
            return []
        ids = [experiment.experiment_id]
        return list(paged(lambda token: self.client.search_logged_models(ids, max_results=50, page_token=token)))

    def experiment(self, one):
        return {"lifecycle": one.lifecycle_stage, "tags": dict(one.tags)}

    def run(self, found):
        run_id = found.info.run_id
        run = self.client.get_run(run_id)
        info = run.info
        return {
            "name": info.run_name,
            "user": info.user_id,
            "status": info.status,
            "lifecycle": info.lifecycle_stage,
            "start": info.start_time,
            "end": info.end_time,
            "params": dict(run.data.params),
            "tags": dict(run.data.tags),
            "metrics": {key: self.history(run_id, key) for key in run.data.metrics},
            "last": {key: number(value) for key, value in run.data.metrics.items()},
            "inputs": [self.input(one) for one in run.inputs.dataset_inputs],
            "model_inputs": [one.model_id for one in getattr(run.inputs, "model_inputs", None) or []],
            "model_outputs": [
                [one.model_id, one.step] for one in getattr(getattr(run, "outputs", None), "model_outputs", None) or []
            ],
            "files": self.files(info.artifact_uri, run_id, lambda path: self.client.list_artifacts(run_id, path)),
        }

    def history(self, run_id, key):
        context = lambda point: [x for x in (getattr(point, name, None) for name in ("model_id", "dataset_name", "dataset_digest")) if x]
        points = self.client.get_metric_history(run_id, key)
        told = [[point.step, point.timestamp, number(point.value), *context(point)] for point in points]
        return sorted(told, key=lambda point: json.dumps([point[0], point[1], str(point[2])]))

    def input(self, one):
        return {"dataset": dict(one.dataset), "tags": {tag.key: tag.value for tag in one.tags}}

    def files(self, uri, run_id, list_folder):
        paths = list(self.walk(list_folder, None))
        told = {}
        with tempfile.TemporaryDirectory() as place:
            for path in paths:
                if PLAIN.fullmatch(path):
                    content = Path(mlflow.artifacts.download_artifacts(f"{uri}/{path}", dst_path=place)).read_bytes()
                elif not uri.startswith("mlflow-artifacts:"):
                    content = Path(uri, path).read_bytes()
                else:
                    content = self.escaped(uri, run_id, path)
                if os.path.basename(path) in TEXT_FILES:
                    told[path] = content.decode()
                else:
                    told[path] = f"{len(content)} bytes {hashlib.sha256(content).hexdigest()}"
        return told

    def walk(self, list_folder, folder):
        for one in list_folder(folder):
            if one.is_dir:
                yield from self.walk(list_folder, one.path)
            else:
                yield one.path

    def escaped(self, uri, run_id, path):
        """A name that MLflow's client does not escape or refuses, or that the proxy of some releases cannot answer with."""
        if run_id is None:
            root = urllib.parse.quote(urllib.parse.urlparse(uri).path)
            address = f"{self.uri}/api/2.0/mlflow-artifacts/artifacts{root}/{urllib.parse.quote(path)}"
        else:
            query = urllib.parse.urlencode({"run_uuid": run_id, "path": path}, quote_via=urllib.parse.quote)
            address = f"{self.uri}/get-artifact?{query}"
        answer = requests.get(address, timeout=60)
        answer.raise_for_status()
        return answer.content

    def logged_model(self, model):
        return {
            "name": model.name,
            "type": model.model_type,
            "status": str(model.status),
            "source_run": model.source_run_id,
            "tags": dict(model.tags or {}),
            "params": dict(model.params or {}),
            "metrics": sorted([one.key, one.value, one.step, one.timestamp, one.dataset_name, one.dataset_digest] for one in model.metrics or []),
            "files": self.files(
                model.artifact_location,
                None,
                lambda path: self.client.list_logged_model_artifacts(model.model_id, path),
            ),
        }

    def model(self, one):
        model = self.client.get_registered_model(one.name)
        quoted = one.name.replace("'", "\\'")
        versions = paged(lambda token: self.client.search_model_versions(f"name='{quoted}'", PAGE, page_token=token))
        return {
            "description": model.description or "",
            "tags": dict(model.tags),
            "aliases": dict(model.aliases),
            "versions": {version.version: self.version(one.name, version.version) for version in versions},
        }

    def version(self, name, number_of):
        version = self.client.get_model_version(name, str(number_of))
        found = list(ID.finditer(version.source))
        return {
            "description": version.description or "",
            "tags": dict(version.tags),
            "aliases": list(version.aliases),
            "stage": version.current_stage,
            "status": version.status,
            "run": version.run_id,
            "source": version.source[found[-1].start() :] if found else version.source,
            "logged_model": getattr(version, "model_id", None),
        }


if __name__ == "__main__":
    for address in sys.argv[1:]:
        print(json.dumps(ReadBack(address).all(), ensure_ascii=False, sort_keys=True, allow_nan=False))
