"""A build with its `raw` schema -> the same build with every layer of the dbt project in it, tested.

Says which models and tests failed, by name and count, never by the value of a row. Keep out: Dagster (which
runs the same project with the same variables and environment), and the SQL.
"""

import contextlib
import datetime as dt
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.dbt_child import NO_SESSION, PARSED, SEEDS, SPARK
from orchestration.dbt_process import begun
from orchestration.durable import write_whole
from orchestration.machine import errno_in_words
from orchestration.moments import moment_text
from orchestration.parsed_project import PROJECT
from orchestration.problems import Problem
from orchestration.settings import Settings
from orchestration.spark_build import gather, is_on_spark
from orchestration.warehouse import Build

NO_SPARK = (
    "Không bắt đầu được với Spark: không kết nối được máy chủ, hoặc không máy tính nào nhận việc; hãy kiểm tra spark_master, "
    'spark_config trong reference/settings.toml và cụm Spark, hoặc đặt engine = "duckdb".'
)
WHERE_TO_LOOK = (
    "Nếu vừa sửa danh mục trong reference/ thì xem lại chỗ vừa sửa: mỗi tên phải có mã, và một đơn vị đổi tên thì dòng cũ "
    "kết thúc (valid_to, tính cả ngày đó) trước khi dòng mới bắt đầu (valid_from). Nếu không sửa gì, hãy báo cho người phụ "
    "trách phần mềm."
)
REFRESH = "stg_published_observations+"
PLAIN = re.compile(r"[\w ./~+,@=-]+")
# The class of an error of Spark's, which holds nothing of a row, as the words behind it do.
SPARK_ERROR = re.compile(r"\[[A-Z][A-Z0-9_]+(\.[A-Z0-9_]+)*\]")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")


@dataclass(frozen=True)
class Failure:
    """A node that failed: its name, what it is (model, test …), and for a test how many rows broke it."""

    name: str
    resource_type: str
    status: str
    failures_count: int | None
    message: str

    @property
    def sentence(self) -> str:
        """For the clerk and the log; without a value of a row."""
        if self.resource_type == "test" and self.failures_count is not None:
            return f"Kiểm tra “{self.name}” không đạt: {self.failures_count} dòng."
        return f"Bước “{self.name}” bị lỗi: {self.message}"


class TransformFailed(Problem):
    """dbt failed, or a test did: nothing may be published. `failures` says what, `str()` in Vietnamese."""

    def __init__(self, failures: Sequence[Failure], fallback: str = "") -> None:
        self.failures = tuple(failures)
        sentences = [failure.sentence for failure in failures] or [fallback or "dbt không chạy được."]
        if any(failure.resource_type == "test" for failure in failures):
            sentences.append(WHERE_TO_LOOK)
        super().__init__(
            "Tính số liệu không xong, kho đã công bố trước đó vẫn giữ nguyên. " + " ".join(sentences)
        )


def dbt_variables(settings: Settings, as_of: dt.datetime, *, period_code: str = "") -> dict[str, Any]:
    """All variables of the dbt project; `period_code` asks for one more period than the data touches."""
    return settings.as_dbt_vars() | {"as_of": moment_text(as_of), "period_code": period_code}


def dbt_environment(parsed: Path, build: Build) -> dict[str, str]:
    """What dbt needs beside the variables: the parsed project, the file to build, its seeds, and where it may write."""
    folder = _plain(build.path.parent)
    return {
        "MOTCUA_WAREHOUSE": f"{folder}/{build.path.name}",
        "MOTCUA_SCRATCH": f"{folder}/{build.scratch.name}",
        SEEDS: f"{folder}/{build.seeds.name}",
        PARSED: str(parsed),
        **({SPARK: str(build.spark)} if is_on_spark(build) else {}),
        "DBT_PROJECT_DIR": str(PROJECT),
        "DBT_PROFILES_DIR": str(PROJECT),
        "DBT_TARGET_PATH": str(build.target),
        "DBT_LOG_PATH": str(build.target / "logs"),
        # dbt's own words may quote a value, and its logs are kept.
        "DBT_LOG_LEVEL_FILE": "none",
        "DBT_USE_COLORS": "false",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "NO_COLOR": "1",
    }


def _plain(folder: Path) -> str:
    """The path of a folder, or for one with letters that dbt-duckdb takes for a part of an address, another path to the same.

    That one leads over a folder that this process holds open, so that it ends with it and nobody can lay it elsewhere.
    """
    if PLAIN.fullmatch(str(folder)):
        return str(folder)
    return f"/proc/{os.getpid()}/fd/{os.open(folder, os.O_RDONLY | os.O_DIRECTORY)}"


def dbt_arguments(
    variables: Mapping[str, Any], select: Sequence[str] = (), *, tested: bool = True
) -> list[str]:
    """`dbt build` of everything, or of `select`; unit tests of models run in the project's tests, not at
    night.
    """
    arguments = ["build", "--vars", json.dumps(dict(variables), ensure_ascii=False)]
    arguments += ["--exclude-resource-type", "unit_test", *([] if tested else ["test"])]
    if select:
        arguments += ["--select", *select]
    return arguments


def dbt_target(build: Build) -> list[str]:
    """The arguments that name the engine of a build."""
    return ["--target", "spark"] if is_on_spark(build) else []


def no_session(code: int | None) -> str:
    """What is said where dbt ended with this exit code because it had no Spark; nothing for another reason."""
    return NO_SPARK if code == NO_SESSION else ""


def run_dbt(
    parsed: Path,
    build: Build,
    variables: Mapping[str, Any],
    select: Sequence[str] = (),
    *,
    tested: bool = True,
) -> None:
    """Run `dbt build` of the parsed project on a build in a process of its own, which leaves the file closed.

    Raises TransformFailed.
    """
    results = build.target / "run_results.json"
    results.unlink(missing_ok=True)
    arguments = [*dbt_arguments(variables, select, tested=tested), "--quiet", *dbt_target(build)]
    with begun(arguments, dbt_environment(parsed, build)) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.read().decode(errors="replace")
        except BaseException:
            # Whoever is interrupted does not wait for its end.
            process.kill()
            raise
    failures = failures_in(results)
    forget_values(results)
    if process.returncode != 0 or failures:
        assert_machine_works(failures, said)
        raise TransformFailed(failures, no_session(process.returncode) or without_values(last_line(said)))
    gather(build, parsed)


def failures_in(run_results: Path) -> list[Failure]:
    """The nodes of a run_results.json that failed, not those skipped because of them."""
    try:
        results = json.loads(run_results.read_bytes())["results"]
    except (FileNotFoundError, ValueError):
        return []
    return [
        Failure(
            name=_name(result["unique_id"]),
            resource_type=result["unique_id"].split(".")[0],
            status=result["status"],
            failures_count=result["failures"],
            message=without_values(result["message"] or ""),
        )
        for result in results
        if result["status"] in ("error", "fail", "runtime error")
    ]


def forget_values(run_results: Path) -> None:
    """Leave no value of a row in a run_results.json, where one may stand in dbt's words about a failure."""
    with contextlib.suppress(FileNotFoundError):
        record = json.loads(run_results.read_bytes())
        for result in record["results"]:
            result["message"] = without_values(result["message"] or "")
        write_whole(run_results, json.dumps(record).encode())


def assert_machine_works(failures: Sequence[Failure], said: str) -> None:
    """Raise OSError where dbt failed because the machine did: no model is to blame for a full disk."""
    told = (errno_in_words(text) for text in (*(failure.message for failure in failures), said))
    if number := next(filter(None, told), None):
        raise OSError(number, os.strerror(number))


def without_values(message: str) -> str:
    """The first two lines of a message without what it quotes: that may be a row's value. Of one of Spark's, its class."""
    if error := SPARK_ERROR.search(message):
        return error[0]
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return QUOTED.sub("…", " ".join(lines[:2]))


def last_line(output: str) -> str:
    """The last line that says something."""
    return next((line for line in reversed(output.splitlines()) if line.strip()), "")


def _name(unique_id: str) -> str:
    # test.motcua.<name>.<hash> for a generic test, <type>.motcua.<name> for anything else
    return unique_id.split(".")[2]
