"""`python -m orchestration.suites_child`: requests about new batches -> findings, by Great Expectations.

JSON lines on stdin and stdout, one batch a line; a process of its own, because importing the library takes
longer than everything else that is done with it. It is shown counts, column names and columns of 0 and 1, and
asked for counts and means: no value of a row can reach its results. Keep out: what is expected (`suites`).
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TextIO

import polars as pl

from exports.wording import percent
from ingest.declarations import KINDS
from orchestration.claims import (
    Claim,
    EarlierExport,
    batch_claims,
    kind_claims,
    rows_text,
)
from orchestration.suites import indicators, shares_of

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
        answer(json.loads(line), validate, answers)
    return 0


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
    whole = pl.DataFrame({"is_believed": [1] * believed + [0] * quarantined}, schema={"is_believed": pl.Int8})
    whole = whole.with_columns(is_quarantined=1 - pl.col("is_believed"))
    claims = batch_claims(whole.height, _reasons(request["quarantine"]))
    findings = _findings(request, request["kind"], claims, whole, validate)
    for kind, paths in sorted(request["rows"].items()):
        rows = pl.concat([pl.read_parquet(path, glob=False) for path in paths])
        marked = indicators(kind, rows)
        earlier = [_earlier(kind, export) for export in request["earlier"].get(kind, [])]
        claims = kind_claims(kind, list(KINDS[kind].lake_schema), marked, earlier)
        by_frame = {
            "columns": rows.clear(),
            # A frame without columns has no rows either.
            "rows": marked.with_columns(pl.lit(1, pl.Int8).alias("row"))
            if marked.width
            else rows.select(row=1),
        }
        for about, frame in by_frame.items():
            stated = [claim for claim in claims if claim.about == about]
            findings += _findings(request, kind, stated, frame, validate)
    return findings


def great_expectations_validator() -> Validate:
    """Imports Great Expectations (seconds); returns what validates claims with it and writes no file."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations import expectations
    from great_expectations.data_context.types.base import ProgressBarsConfig

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


def _earlier(kind: str, paths: Sequence[str]) -> EarlierExport:
    rows = pl.concat([pl.read_parquet(path, glob=False) for path in paths])
    return EarlierExport(rows.height, shares_of(indicators(kind, rows)))


def _reasons(paths: Sequence[str]) -> Mapping[str, int]:
    return Counter(
        code
        for path in paths
        for code in pl.read_parquet(path, columns=["reason_code"], glob=False)["reason_code"]
    )


if __name__ == "__main__":
    sys.exit(main())
