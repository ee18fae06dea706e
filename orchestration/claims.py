"""A batch's suite and what is known of earlier exports -> the claims that the batch is held against.

A claim is one expectation in the words of Great Expectations and in those of a clerk. What cannot be judged
(too few rows, too few earlier exports) is not claimed, so that nothing passes because it matched nothing.
Keep out: running the claims (`suites_child`), and any value of a row: claims are about counts, shares and
column names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from exports.wording import percent, whole
from orchestration.reasons import told
from orchestration.suites import SUITES, Share, Summary
from orchestration.wording import remedy_for

FEWEST_EARLIER = 3
# How far beyond the range of the earlier exports is still usual.
VOLUME_FACTOR = 2.0
SHARE_MARGIN = 0.15
MOST_QUARANTINED = 0.05


@dataclass(frozen=True)
class Claim:
    """One expectation about a batch; `failed` and `passed` are sentences with a place for {observed}."""

    name: str
    about: Literal["batch", "rows", "columns"]
    expectation: str
    arguments: Mapping[str, Any]
    measured_as: Literal["rows", "share", "columns"]
    expected: str
    passed: str
    failed: str
    severity: Literal["warning", "critical"] = "warning"


def batch_claims(rows_read_count: int, quarantine_reasons: Mapping[str, int]) -> list[Claim]:
    """The claims about a whole batch, of whatever kind: there are rows, one can be believed, few cannot."""
    claims = [
        Claim(
            "has_rows",
            "batch",
            "ExpectColumnSumToBeBetween",
            {"column": "rows_count", "min_value": 1},
            "rows",
            "ít nhất 1 dòng",
            "Tệp có {observed}.",
            "Tệp không có dòng dữ liệu nào.",
        )
    ]
    if rows_read_count:
        most = max(quarantine_reasons, key=lambda code: (quarantine_reasons[code], code), default="")
        why = f", nhiều nhất vì {told(most)} ({rows_text(quarantine_reasons[most])})" if most else ""
        claims += [
            Claim(
                "has_a_believable_row",
                "batch",
                "ExpectColumnSumToBeBetween",
                {"column": "believed_count", "min_value": 1},
                "rows",
                "ít nhất 1 dòng nạp được",
                "Tệp có {observed} nạp được.",
                f"Không dòng nào trong {rows_text(rows_read_count)} của tệp nạp được{why}; "
                f"hãy {remedy_for(most)}, sau đó thả tệp vào inbox lần nữa.",
                severity="critical",
            ),
            Claim(
                "few_rows_quarantined",
                "batch",
                "ExpectColumnMeanToBeBetween",
                {"column": "quarantined_share", "max_value": MOST_QUARANTINED},
                "share",
                f"không quá {percent(MOST_QUARANTINED)}",
                "Tỷ lệ dòng bị tách riêng là {observed}.",
                f"Tỷ lệ dòng bị tách riêng là {{observed}}{why}.",
            ),
        ]
    return claims


def kind_claims(kind: str, columns: Sequence[str], batch: Summary, earlier: Sequence[Summary]) -> list[Claim]:
    """The claims about the believed rows of one kind: its columns, its volume, its shares."""
    claims = [
        Claim(
            "has_the_columns_of_its_kind",
            "columns",
            "ExpectTableColumnsToMatchSet",
            {"column_set": list(columns)},
            "columns",
            f"{len(columns)} cột",
            "Dữ liệu có đủ {observed} của loại tệp này.",
            "Dữ liệu có {observed}, khác với các cột của loại tệp này.",
        )
    ]
    counts = [export.rows_count for export in earlier]
    if len(counts) >= FEWEST_EARLIER:
        low, high = int(min(counts) / VOLUME_FACTOR), int(max(counts) * VOLUME_FACTOR)
        claims.append(
            Claim(
                "volume_like_earlier_exports",
                "rows",
                "ExpectColumnSumToBeBetween",
                {"column": "rows_count", "min_value": low, "max_value": high},
                "rows",
                f"từ {rows_text(low)} đến {rows_text(high)}",
                "Tệp có {observed} nạp được, như các lần xuất trước.",
                "Tệp có {observed} nạp được, khác hẳn các lần xuất trước "
                f"(từ {rows_text(min(counts))} đến {rows_text(max(counts))}).",
            )
        )
    claims += [_share_claim(share, earlier) for share in SUITES.get(kind, ()) if share.name in batch.shares]
    return claims


def _share_claim(share: Share, earlier: Sequence[Summary]) -> Claim:
    low, high, failed = share.low, share.high, f"Tỷ lệ {share.subject} là {{observed}}, bất thường."
    before = [export.shares[share.name] for export in earlier if share.name in export.shares]
    if share.is_compared and len(before) >= FEWEST_EARLIER:
        low, high = max(low, min(before) - SHARE_MARGIN), min(high, max(before) + SHARE_MARGIN)
        failed = (
            f"Tỷ lệ {share.subject} là {{observed}}; các lần xuất trước từ {percent(min(before))} "
            f"đến {percent(max(before))}."
        )
    return Claim(
        share.name,
        "rows",
        "ExpectColumnMeanToBeBetween",
        {"column": share.name, "min_value": low, "max_value": max(low, high)},
        "share",
        f"từ {percent(low)} đến {percent(max(low, high))}",
        f"Tỷ lệ {share.subject} là {{observed}}.",
        failed,
    )


def rows_text(count: float) -> str:
    """`1.234 dòng`."""
    return f"{whole(count)} dòng"
