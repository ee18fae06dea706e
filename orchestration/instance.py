"""The home's own Dagster instance: run history, schedules, no telemetry.

Keep out: what is run.
"""

from pathlib import Path

from orchestration.durable import write_whole
from orchestration.home import Home

DAGSTER_YAML = """\
# Written by motcua. SQLite in this folder, one run at a time, nothing sent anywhere.
telemetry:
  enabled: false
nux:
  enabled: false
# What libraries print while a step runs may quote a value: it is not kept.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
concurrency:
  runs:
    max_concurrent_runs: 1
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days: {skipped: 7, failure: 30, success: 90}
"""


def prepare_instance(home: Home) -> Path:
    """The folder of the instance (DAGSTER_HOME), with its configuration."""
    path = home.dagster / "dagster.yaml"
    if not path.exists() or path.read_text(encoding="utf-8") != DAGSTER_YAML:
        write_whole(path, DAGSTER_YAML.encode())
    return home.dagster
