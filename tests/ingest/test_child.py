"""The child process: requests in, answers and Parquet out, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from ingest.declarations import KINDS, QUARANTINE_SCHEMA
from tests.ingest import written_exports as written
from tests.ingest.conftest import SHIPPED

SAMPLE = Path(__file__).parents[2] / "orchestration" / "sample" / "2023-Q3"


def ask(*requests: dict) -> list[dict]:
    text = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run(
        [sys.executable, "-m", "ingest.child"],
        input=text.encode(),
        capture_output=True,
        timeout=300,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0
    assert done.stderr == b""
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def request(path: Path, out: Path, **changes) -> dict:
    out.mkdir(exist_ok=True)
    asked = {"path": str(path), "file_name": path.name, "modified_at": "2023-09-20T00:00:00+00:00"}
    return asked | {"shipped": str(SHIPPED), "office": None, "out": str(out)} | changes


def test_one_child_answers_many_requests(tmp_path):
    good = written.csv(tmp_path / "good.csv", [*written.dossiers(), written.dossier(9, Trạng_thái="?")])
    (tmp_path / "bad").write_bytes(b"?")
    first, second, third = ask(
        request(good, tmp_path / "a"),
        request(tmp_path / "bad", tmp_path / "b"),
        request(good, tmp_path / "c"),
    )
    assert [answer["ok"] for answer in (first, second, third)] == [True, False, True]
    assert first["passport"]["exported_at"] == "2023-09-20T07:00:00"
    assert [(file["kind"], file["role"], file["rows_count"]) for file in first["files"]] == [
        ("dossiers", "rows", 4),
        ("dossiers", "quarantine", 1),
    ]
    assert second == {"ok": False, "reason_code": "unknown_kind", "sentence": second["sentence"]}
    assert (
        dict(pl.read_parquet_schema(tmp_path / "a" / "believed-dossiers.parquet"))
        == KINDS["dossiers"].lake_schema
    )
    assert dict(pl.read_parquet_schema(tmp_path / "a" / "quarantined.parquet")) == QUARANTINE_SCHEMA
    for name in ("believed-dossiers.parquet", "quarantined.parquet"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "c" / name).read_bytes()


def test_a_bug_is_answered_without_a_word_of_the_data(tmp_path):
    (answer,) = ask(request(tmp_path / "Nguyễn Văn An.csv", tmp_path / "a"))
    assert answer["reason_code"] == "internal_error"
    assert "Nguyễn" not in answer["sentence"]


def test_a_problem_of_the_reference_data_is_told(tmp_path):
    office = tmp_path / "reference"
    office.mkdir()
    (office / "fields.csv").write_text("field_code,field_name\nA,B\nA,C\n")
    path = written.csv(tmp_path / "good.csv", written.dossiers())
    (answer,) = ask(request(path, tmp_path / "a", office=str(office)))
    assert answer["reason_code"] == "reference_problem"
    assert "fields.csv, dòng 3" in answer["sentence"]


def test_the_sample_quarter_is_read_to_the_last_row(tmp_path):
    paths = sorted([*SAMPLE.glob("inbox/*"), *SAMPLE.glob("inbox-later/*")])
    if not paths:
        pytest.skip("the sample quarter is not in this checkout")
    answers = ask(*(request(path, tmp_path / str(number)) for number, path in enumerate(paths)))
    assert all(answer["ok"] for answer in answers)
    rows: dict[str, int] = {}
    for answer in answers:
        for file in answer["files"]:
            assert file["role"] == "rows"
            rows[file["kind"]] = rows.get(file["kind"], 0) + file["rows_count"]
    assert rows == {
        "dossiers": 13851,
        "surveys": 611,
        "feedback": 16,
        "procedures": 372,
        "documents": 10,
        "late_notes": 74,
    }
