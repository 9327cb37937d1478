"""Drives a running emulator with the unmodified azure-ai-ml: `azure_ai_ml.py FOLDER` (the emulator's --out). See README.md here."""

import json
import pathlib
import sys
import tempfile

from azure.ai.ml import MLClient, command
from azure.identity import AzureCliCredential

AUTOML = "AutoML_4c7e1a90-3b52-4f6d-8a11-9e0d2c5b7f34"
STEP = "b1a2c3d4-0001-4000-8000-000000000011"

config = json.loads(pathlib.Path(sys.argv[1], "a.json").read_text())
client = MLClient(
    AzureCliCredential(tenant_id=config["tenant_id"]),
    config["subscription_id"],
    config["resource_group"],
    config["workspace_name"],
    enable_telemetry=False,
)


def downloaded():
    folder = pathlib.Path(tempfile.mkdtemp())
    client.jobs.download("brave_apple_k3x9q2", download_path=folder)
    return sum(path.is_file() for path in folder.rglob("*"))


def submitted():
    folder = pathlib.Path(tempfile.mkdtemp())
    (folder / "main.py").write_text("print(1)\n")
    job = command(code=str(folder), command="python main.py", environment="train-env:3", compute="cpu-cluster")
    return client.jobs.create_or_update(job).status


def archived():
    client.jobs.archive("brave_apple_k3x9q2")
    there = "brave_apple_k3x9q2" in [job.name for job in client.jobs.list(list_view_type="ArchivedOnly")]
    client.jobs.restore("brave_apple_k3x9q2")
    return there


CHECKS = {
    "workspace": (lambda: client.workspaces.get(config["workspace_name"]).name, "ws-source"),
    "command": (lambda: client.jobs.get("brave_apple_k3x9q2").status, "Completed"),
    "pipeline": (lambda: client.jobs.get("train_and_deploy_3levels").status, "Completed"),
    "step": (lambda: client.jobs.get(STEP).status, "Completed"),
    "sweep": (lambda: client.jobs.get("sweep_lr_search").status, "Completed"),
    "automl": (lambda: client.jobs.get(AUTOML).status, "Completed"),
    "children": (lambda: len(list(client.jobs.list(parent_job_name="sweep_lr_search"))), 12),
    "archive and restore": (archived, True),
    "download": (downloaded, 6),
    "submit with code": (submitted, "Starting"),
    "datastores": (lambda: len(list(client.datastores.list())), 6),
    "models": (lambda: [model.name for model in client.models.list()], ["churn-model"]),
}

failed = 0
for name, (ask, expected) in CHECKS.items():
    try:
        answer = ask()
    except Exception as error:  # every refusal counts
        answer = f"{type(error).__name__}: {error}"
    good = answer == expected
    failed += not good
    print("ok    " if good else "FAILED", name, "" if good else f"{answer!r}, not {expected!r}")
sys.exit(1 if failed else 0)
