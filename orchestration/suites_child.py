"""`python -m orchestration.suites_child`: requests about new batches -> findings, by Great Expectations.

JSON lines on stdin and stdout, one batch a line, and lines without an answer that say what will be asked. A process of its own,
because importing the library takes longer than everything else that is done with it. It is shown one row of counts and shares,
and column names: no value of a row can reach its results, and it costs a million rows no more than ten. Keep out: what is
expected (`suites`).
"""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from exports.wording import percent
from ingest.declarations import KINDS
from orchestration.claims import Claim, batch_claims, kind_claims, rows_text
from orchestration.postponed import for_good, when_asked
from orchestration.suites import Summary, columns_asked_for, summary_of

OBSERVED_AS: dict[str, Callable[[Any], str]] = {
    # Of numpy's numbers, plain ones.
    "rows": lambda count: rows_text(float(count)),
    "share": lambda share: percent(float(share)),
    "columns": lambda names: f"{len(names)} cột",
}

# (frame, claims) -> for each claim, whether it holds and what was observed
Validate = Callable[[pl.DataFrame, Sequence[Claim]], list[tuple[bool, Any]]]


def main() -> int:
    # Whatever a library prints must not get between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    validate = great_expectations_validator()
    for line in sys.stdin:
        request = json.loads(line)
        if "prepare" in request:
            prepare(request["prepare"])
        else:
            answer(request, validate, answers)
    return 0


def prepare(rows: Mapping[str, Sequence[str]]) -> None:
    """Look at the rows (paths by kind) of a batch that may be asked for; what goes wrong shows when it is."""
    with contextlib.suppress(Exception):
        for kind, paths in rows.items():
            _summary(kind, paths)


def answer(request: Mapping[str, Any], validate: Validate, answers: TextIO) -> None:
    """Write one line: {"ok": true, "findings": [...]}, or {"ok": false, "error": name of the exception}."""
    try:
        reply: dict[str, Any] = {"ok": True, "findings": judge(request, validate)}
    except Exception as error:
        # The name alone: a message could quote the data.
        reply = {"ok": False, "error": type(error).__name__}
    answers.write(json.dumps(reply) + "\n")
    answers.flush()


def judge(request: Mapping[str, Any], validate: Validate) -> list[dict[str, Any]]:
    """The findings about one batch, as `orchestration.batches.Finding` takes them.

    The request holds `batch_id`, `kind`, `believed_count`, `quarantined_count`, `quarantine` (paths), `rows`
    (paths by kind), and `earlier` (by kind, a list of exports, each a list of paths).
    """
    believed, quarantined = request["believed_count"], request["quarantined_count"]
    read = believed + quarantined
    whole = {"rows_count": read, "believed_count": believed, "quarantined_share": quarantined / max(read, 1)}
    claims = batch_claims(read, _reasons(request["quarantine"]))
    findings = _findings(request, request["kind"], claims, pl.DataFrame(whole), validate)
    for kind, paths in sorted(request["rows"].items()):
        batch = _summary(kind, paths)
        earlier = [_summary(kind, export) for export in request["earlier"].get(kind, [])]
        claims = kind_claims(kind, list(KINDS[kind].lake_schema), batch, earlier)
        by_frame = {
            "columns": pl.read_parquet(paths[0], n_rows=0, glob=False),
            "rows": pl.DataFrame({"rows_count": batch.rows_count, **batch.shares}),
        }
        for about, frame in by_frame.items():
            stated = [claim for claim in claims if claim.about == about]
            findings += _findings(request, kind, stated, frame, validate)
    return findings


def great_expectations_validator() -> Validate:
    """Imports Great Expectations (seconds); returns what validates claims with it and writes no file."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    # It can do without the first, and would import them for engines that are never asked; the others draw and fit curves.
    sys.modules.update({"pyspark": None, "sqlalchemy": None})  # type: ignore[dict-item]
    with for_good(), when_asked("altair", "scipy.stats"):
        import great_expectations as gx
        from great_expectations import expectations
        from great_expectations.data_context.types.base import ProgressBarsConfig
        from great_expectations.expectations import expectation

    # It spells the name of its class some fifty times for each claim: a quarter of what a claim costs.
    expectation.camel_to_snake = cache(expectation.camel_to_snake)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("batches").add_dataframe_asset("rows")
    definition = asset.add_batch_definition_whole_dataframe("whole")

    def validate(frame: pl.DataFrame, claims: Sequence[Claim]) -> list[tuple[bool, Any]]:
        suite = gx.ExpectationSuite(
            name="claims",
            expectations=[
                getattr(expectations, claim.expectation)(
                    **claim.arguments, severity=claim.severity, meta={"claim": claim.name}
                )
                for claim in claims
            ],
        )
        batch = definition.get_batch(batch_parameters={"dataframe": frame.to_arrow().to_pandas()})
        # Every expectation in use observes one aggregate, so that BASIC holds no value of a row.
        results = {
            result.expectation_config.meta["claim"]: result
            for result in batch.validate(suite, result_format="BASIC").results
        }
        if any(result.exception_info.get("raised_exception") for result in results.values()):
            raise RuntimeError("an expectation could not be evaluated")
        return [
            (bool(results[claim.name].success), results[claim.name].result["observed_value"])
            for claim in claims
        ]

    return validate


def _findings(
    request: Mapping[str, Any], kind: str, claims: Sequence[Claim], frame: pl.DataFrame, validate: Validate
) -> list[dict[str, Any]]:
    findings = []
    for claim, (holds, value) in zip(claims, validate(frame, claims) if claims else [], strict=True):
        observed = OBSERVED_AS[claim.measured_as](value)
        findings.append(
            {
                "batch_id": request["batch_id"],
                "kind": kind,
                "expectation": claim.name,
                "severity": claim.severity,
                "observed": observed,
                "expected": claim.expected,
                "sentence": (claim.passed if holds else claim.failed).format(observed=observed),
                "success": holds,
            }
        )
    return findings


def _summary(kind: str, paths: Sequence[str]) -> Summary:
    return _summary_of_files(kind, tuple((path, Path(path).stat().st_mtime_ns) for path in paths))


@cache
def _summary_of_files(kind: str, files: tuple[tuple[str, int], ...]) -> Summary:
    """Asked once: a night's exports are held against each other, and against the same earlier ones."""
    names = list(pl.read_parquet_schema(files[0][0]))
    # Without a column there would be no rows to count.
    asked = [name for name in names if name in columns_asked_for(kind)] or names[:1]
    rows = [pl.read_parquet(path, columns=asked, glob=False) for path, _ in files]
    return summary_of(kind, pl.concat(rows))


def _reasons(paths: Sequence[str]) -> Mapping[str, int]:
    codes = [pl.read_parquet(path, columns=["reason_code"], glob=False)["reason_code"] for path in paths]
    return dict(pl.concat(codes).value_counts().iter_rows()) if codes else {}


if __name__ == "__main__":
    sys.exit(main())
