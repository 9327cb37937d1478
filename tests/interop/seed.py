"""Fills an MLflow server by MLflow's own client: python seed.py <tracking uri> <scene>."""

import logging
import os
import sys
import tempfile
import urllib.parse
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"

import mlflow  # noqa: E402
import requests  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag  # noqa: E402

T0 = 1_700_000_000_000
MLFLOW_3 = hasattr(MlflowClient, "create_logged_model")


class Seed:
    def __init__(self, uri):
        mlflow.set_tracking_uri(uri)
        self.uri = uri
        self.client = MlflowClient(uri)
        self.clock = T0

    def tick(self):
        self.clock += 60_000
        return self.clock

    def run(self, experiment, name, status="FINISHED", parent=None, tags=None, user="ada"):
        """A run with its own times; a status of None leaves it running."""
        tags = {"mlflow.user": user, **(tags or {})}
        if parent is not None:
            tags["mlflow.parentRunId"] = parent
        made = self.client.create_run(experiment, start_time=self.tick(), tags=tags, run_name=name)
        run_id = made.info.run_id
        self.client.log_batch(
            run_id,
            metrics=[Metric("loss", 1 / (1 + step), self.clock + step, step) for step in range(5)],
            params=[Param("lr", "0.1"), Param("name", name)],
        )
        if status is not None:
            self.end(run_id, status)
        return run_id

    def end(self, run_id, status="FINISHED"):
        self.client.set_terminated(run_id, status=status, end_time=self.tick() + 30_000)

    def files(self, run_id, files, folder=None):
        """Logs files by MLflow's client; names that it spoils on the way are put as they are."""
        info = self.client.get_run(run_id).info
        proxied = info.artifact_uri.startswith("mlflow-artifacts:")
        for name, content in files.items():
            path = name if folder is None else f"{folder}/{name}"
            if proxied and "%" in name:
                root = urllib.parse.urlparse(info.artifact_uri).path
                address = f"{self.uri}/api/2.0/mlflow-artifacts/artifacts{root}/{urllib.parse.quote(path)}"
                requests.put(address, data=content, timeout=60).raise_for_status()
                continue
            with tempfile.TemporaryDirectory() as place:
                file = Path(place) / Path(path).name
                file.write_bytes(content)
                parent = os.path.dirname(path)
                self.client.log_artifact(run_id, str(file), parent or None)

    def model_folder(self, run_id, folder="model"):
        self.files(
            run_id,
            {
                "MLmodel": (
                    f"artifact_path: {folder}\n# a comment that must stay\nflavors:\n  python_function:\n"
                    f"    loader_module: none\nrun_id: {run_id}\nutc_time_created: '2024-03-06 00:00:00'\n"
                ).encode(),
                "weights.bin": bytes(range(256)) * 4,
            },
            folder,
        )


def plain(seed):
    """Experiments and runs of every kind, without registry."""
    client = seed.client
    churn = client.create_experiment(
        "churn, EU/west: v2", tags={"mlflow.note.content": "Who leaves, and why", "team/a:b": "x, y", "leer": ""}
    )
    for name in ["Prüfung 東京 🚀", "1", "no runs"]:
        client.create_experiment(name, tags={"made by": "seed"})
    prefixed = client.get_experiment_by_name("Prüfung 東京 🚀").experiment_id
    one = client.get_experiment_by_name("1").experiment_id
    seed.run(one, "in the experiment called 1")
    seed.run("0", "in Default")

    for status in ["FINISHED", "FAILED", "KILLED"]:
        seed.run(churn, f"ended {status.lower()}", status, user="grace")
    seed.run(churn, "still running", None)
    root = seed.run(prefixed, "Großmutter", None)
    middle = seed.run(prefixed, "mother", None, root)
    for index in range(3):
        seed.run(prefixed, f"child {index}", "FINISHED", middle)
    seed.end(middle)
    seed.end(root, "FAILED")
    seed.run(churn, "child of a parent that is gone", parent="0123456789abcdef0123456789abcdef")

    wide = seed.run(churn, "wide", None, tags={"mlflow.note.content": "Many lines\nand ünïcode 🎉"})
    for at in range(0, 250, 50):
        client.log_batch(wide, params=[Param(f"p/{i:03}", f"value {i}" * (i % 5)) for i in range(at, at + 50)])
    for at in range(0, 135, 45):
        client.log_batch(wide, tags=[RunTag(f"tag.{i:03}", "t" * (i * 37 % 5000)) for i in range(at, at + 45)])
    client.log_batch(wide, params=[Param("long", "ö" * 5990)], tags=[RunTag("longest", "y" * 7990)])
    seed.end(wide)

    odd = seed.run(churn, "odd metrics", None)
    rows = [
        Metric("nan", float("nan"), T0, 0),
        Metric("nan", 0.5, T0 + 1, 1),
        Metric("infinite", float("inf"), T0, 0),
        Metric("infinite", float("-inf"), T0 + 1, 1),
        Metric("below zero", -1e-300, T0, -7),
        Metric("below zero", 2.5, T0 + 1, 3),
        Metric("far", 1.0, T0, 2**53 + 3),
        Metric("far", 2.0, T0 + 1, 2**60 + 1),
        Metric("twice", 1.0, T0, 4),
        Metric("twice", 2.0, T0 + 5, 4),
        Metric("twice", 2.0, T0 + 9, 4),
        Metric("a/b:c d.é", 0.1 + 0.2, T0, 0),
    ]
    client.log_batch(odd, metrics=rows)
    seed.end(odd)

    data = seed.run(churn, "with data sets", None)
    client.log_inputs(
        data,
        [
            DatasetInput(
                Dataset(f"rows {i}", f"digest{i}", "http", '{"url": "https://example.com/ü.csv"}', '{"mlflow_colspec": []}', '{"num_rows": 3}'),
                [InputTag("mlflow.data.context", ["training", "eval"][i]), InputTag("own", f"tag {i}")],
            )
            for i in range(2)
        ],
    )
    seed.end(data)

    files = seed.run(churn, "with files", None)
    seed.files(
        files,
        {
            "plain.txt": b"plain\n",
            "empty.bin": b"",
            "deep/er/still/leaf.json": b"{}",
            "deep/Ärger 東京.txt": "ü".encode(),
            "100%.txt": b"per cent",
            "large.bin": bytes(range(251)) * (12 * 1024 * 1024 // 251),
        },
    )
    seed.end(files)

    long = seed.run(prefixed, "long history", None)
    for at in range(0, 26_000, 1000):
        client.log_batch(long, metrics=[Metric("long", i * 0.001, T0 + i, i) for i in range(at, at + 1000)])
    seed.end(long)

    gone = seed.run(churn, "deleted run")
    client.delete_run(gone)
    left = client.create_experiment("a deleted experiment", tags={"made by": "seed"})
    seed.run(left, "in a deleted experiment")
    client.delete_experiment(left)


def registry(seed):
    """Registered models with all that can be said of their versions."""
    client = seed.client
    experiment = client.create_experiment("registry")
    client.create_registered_model(
        "Churn model, v2 Ü",
        tags={"team": "a, b", "leer": ""},
        description="Who leaves\nand why",
    )
    name = client.search_registered_models()[0].name
    runs = [seed.run(experiment, f"training {i}", None) for i in range(12)]
    for index, run_id in enumerate(runs):
        seed.model_folder(run_id)
        seed.end(run_id)
        client.create_model_version(
            name,
            source=f"{client.get_run(run_id).info.artifact_uri}/model",
            run_id=run_id,
            tags={"index": str(index), "note": "ä"},
            description=f"Version of run {index}",
            await_creation_for=0,
        )
    client.delete_model_version(name, "3")
    for version, stage in {"2": "Archived", "10": "Staging", "11": "Production"}.items():
        client.transition_model_version_stage(name, version, stage)
    for alias, version in {"champion": "11", "challenger": "2", "old-one": "2"}.items():
        client.set_registered_model_alias(name, alias, version)
    client.delete_run(runs[4])
    client.create_registered_model("no versions", description="")


def uploaded(seed):
    """A version without a run, at an address that no server can list."""
    seed.client.create_registered_model("uploaded")
    seed.client.create_model_version("uploaded", source="s3://elsewhere/model", tags={"from": "upload"}, await_creation_for=0)


def autolog(seed):
    """A real scikit-learn run that logs itself and registers its model."""
    from sklearn.linear_model import LogisticRegression

    mlflow.set_experiment("autolog")
    mlflow.sklearn.autolog(registered_model_name="autologged", log_datasets=False)
    rows = [[i % 7, i % 5] for i in range(60)]
    with mlflow.start_run(run_name="real training"):
        LogisticRegression(C=0.5).fit(rows, [i % 2 for i in range(60)])
        mlflow.log_metric("holdout", 0.75, step=3)


def logged_models(seed):
    """What MLflow 3 has: logged models, with runs that made and used them."""
    from mlflow.entities import LoggedModelInput, LoggedModelOutput, LoggedModelParameter

    client = seed.client
    experiment = client.create_experiment("logged models")
    made_by = seed.run(experiment, "makes models", None)
    models = []
    for index in range(3):
        model = client.create_logged_model(
            experiment,
            name=f"candidate-{index}",
            source_run_id=made_by if index < 2 else None,
            tags={"index": str(index)},
            params={"depth": str(index)},
            model_type="agent",
        )
        with tempfile.TemporaryDirectory() as place:
            Path(place, "MLmodel").write_text(f"model_id: {model.model_id}\nrun_id: {made_by}\n")
            Path(place, "code").mkdir()
            Path(place, "code", "ü.py").write_text("print(1)\n")
            client.log_model_artifacts(model.model_id, place)
        models.append(client.finalize_logged_model(model.model_id, "FAILED" if index == 1 else "READY"))
    client.log_outputs(made_by, [LoggedModelOutput(model.model_id, step) for step, model in enumerate(models[:2])])
    client.log_metric(made_by, "score", 0.9, timestamp=T0, step=1, model_id=models[0].model_id, dataset_name="d", dataset_digest="e")
    seed.end(made_by)
    used = seed.run(experiment, "uses a model", None)
    client.log_inputs(used, models=[LoggedModelInput(models[0].model_id)])
    seed.end(used)
    client.create_registered_model("from a logged model")
    client.create_model_version(
        "from a logged model", source=models[0].artifact_location, run_id=made_by, model_id=models[0].model_id, await_creation_for=0
    )


def full(seed):
    plain(seed)
    registry(seed)
    autolog(seed)
    if MLFLOW_3:
        logged_models(seed)


def hash_names(seed):
    """A file name that a proxy refuses, beside one that it takes."""
    experiment = seed.client.create_experiment("hash")
    run_id = seed.run(experiment, "with a hash", None)
    seed.files(run_id, {"a#1.txt": b"one", "fine.txt": b"two"})
    seed.end(run_id)
    seed.run(experiment, "without files")


def tonight(seed):
    """The first time a run that goes on; the second time its end, more points, and one new run."""
    client = seed.client
    experiment = client.get_experiment_by_name("nightly")
    if experiment is None:
        run_id = seed.run(client.create_experiment("nightly"), "goes on", None)
        seed.files(run_id, {"first.txt": b"first"})
        seed.run(client.get_experiment_by_name("nightly").experiment_id, "done")
        return
    (going,) = client.search_runs([experiment.experiment_id], "attributes.status = 'RUNNING'")
    run_id = going.info.run_id
    client.log_batch(
        run_id,
        metrics=[Metric("loss", 0.01, T0 + 10**6, 5), Metric("late", 1.0, T0 + 10**6, 0)],
        params=[Param("late", "yes")],
        tags=[RunTag("late", "yes")],
    )
    seed.files(run_id, {"second.txt": b"second"})
    seed.clock += 10**7
    seed.end(run_id)
    seed.run(experiment.experiment_id, "new tonight")


def many(seed, count):
    """Small runs: 5 metrics of 10 points, 5 parameters, 5 tags, one file."""
    client = seed.client
    experiment = client.create_experiment("many")
    for index in range(count):
        tags = {"mlflow.user": "ada", **{f"t{i}": f"{index}" for i in range(5)}}
        run = client.create_run(experiment, start_time=seed.tick(), tags=tags, run_name=f"small {index}")
        client.log_batch(
            run.info.run_id,
            metrics=[Metric(f"m{m}", index + step / 10, seed.clock + step, step) for m in range(5) for step in range(10)],
            params=[Param(f"p{i}", f"{index}") for i in range(5)],
        )
        seed.files(run.info.run_id, {"out.txt": f"run {index}\n".encode() * 20})
        seed.end(run.info.run_id)


SCENES = {
    "plain": plain,
    "full": full,
    "hash": hash_names,
    "uploaded": uploaded,
    "tonight": tonight,
    "fifty": lambda seed: many(seed, 50),
    "two-hundred": lambda seed: many(seed, 200),
}

if __name__ == "__main__":
    SCENES[sys.argv[2]](Seed(sys.argv[1]))
