"""What a batch of each kind usually looks like: a suite per kind, as data.

A suite is a list of shares of rows, each with the bounds outside of which it is always unusual; a new
expectation is one line. A kind without a suite is still judged by its volume, its columns and its quarantine.
Keep out: turning suites into claims about one batch (`claims`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

# Fewer rows than this swing too widely for a share to mean anything.
FEWEST_ROWS_FOR_SHARES = 30


@dataclass(frozen=True)
class Share:
    """The share of rows for which `is_so` holds, of those where it is not null; low and high are always
    unusual.

    `subject` is Vietnamese and reads after "Tỷ lệ". With `is_compared` the earlier exports bound it too.
    """

    name: str
    subject: str
    is_so: pl.Expr
    low: float = 0.0
    high: float = 1.0
    is_compared: bool = True

    @property
    def columns(self) -> set[str]:
        return set(self.is_so.meta.root_names())


@dataclass(frozen=True)
class Summary:
    """The believed rows of one kind in an export: how many, and those shares of them that had rows enough."""

    rows_count: int
    shares: Mapping[str, float] = field(default_factory=dict)


def _is_blank(*columns: str) -> pl.Expr:
    return pl.all_horizontal(pl.col(column).is_null() for column in columns)


def _is_repeated(key: str) -> Share:
    is_repeated = pl.when(pl.col(key).is_not_null()).then(pl.col(key).is_duplicated())
    return Share(
        "share_repeated_codes",
        "dòng có mã lặp lại trong cùng tệp",
        is_repeated,
        high=0.1,
        is_compared=False,
    )


_CHANNEL = pl.col("channel_code")
_STATUS = pl.col("status_code")
_CAUSE = pl.col("cause_code")
_DUE = pl.col("due_at").dt.date()
_FINISHED = pl.coalesce("finished_at", "returned_at").dt.date()
_SATISFACTION = {
    "very_satisfied": "rất hài lòng",
    "satisfied": "hài lòng",
    "neutral": "bình thường",
    "dissatisfied": "không hài lòng",
    "very_dissatisfied": "rất không hài lòng",
}
_LEVELS = {"tinh": "cấp tỉnh", "huyen": "cấp huyện", "xa": "cấp xã"}

SUITES: dict[str, tuple[Share, ...]] = {
    "dossiers": (
        Share("share_online", "hồ sơ nộp trực tuyến", _CHANNEL == "2"),
        Share("share_by_post", "hồ sơ nộp qua bưu chính", _CHANNEL == "3"),
        Share(
            "share_without_channel", "hồ sơ thiếu hình thức tiếp nhận", _is_blank("channel_code"), high=0.1
        ),
        Share("share_open", "hồ sơ đang giải quyết", _STATUS.is_in(["2", "4", "5", "6"])),
        Share("share_paused", "hồ sơ tạm dừng chờ bổ sung", _STATUS.is_in(["5", "6"]), high=0.5),
        Share("share_withdrawn", "hồ sơ rút hoặc dừng xử lý", _STATUS.is_in(["7", "8"]), high=0.3),
        Share(
            "share_not_accepted",
            "hồ sơ chưa hoặc không tiếp nhận",
            _STATUS.is_in(["1", "3"]),
            high=0.3,
        ),
        Share("share_late", "hồ sơ kết thúc sau ngày hẹn trả", _DUE < _FINISHED, high=0.5),
        Share("share_without_due_date", "hồ sơ thiếu ngày hẹn trả", _is_blank("due_at"), high=0.3),
        Share(
            "share_without_field",
            "hồ sơ không có lĩnh vực và thủ tục",
            _is_blank("field_id_key", "field_key", "procedure_key", "procedure_name_key"),
            high=0.1,
        ),
        _is_repeated("dossier_code"),
    ),
    "surveys": (
        Share(
            "share_satisfied_or_more",
            "phiếu hài lòng và rất hài lòng",
            pl.col("satisfaction_code").is_in(["very_satisfied", "satisfied"]),
            low=0.5,
        ),
        *(
            Share(f"share_{code}", f"phiếu “{words}”", pl.col("satisfaction_code") == code)
            for code, words in _SATISFACTION.items()
        ),
        _is_repeated("form_code"),
    ),
    "feedback": (
        Share("share_answered", "phản ánh đã trả lời", pl.col("answered_at").is_not_null()),
        Share("share_without_deadline", "phản ánh thiếu hạn xử lý", _is_blank("due_date"), high=0.5),
        Share("share_without_field", "phản ánh thiếu lĩnh vực", _is_blank("field_key"), high=0.5),
        _is_repeated("feedback_code"),
    ),
    "procedures": (
        *(
            Share(f"share_level_{code}", f"thủ tục {words}", pl.col("level_code") == code)
            for code, words in _LEVELS.items()
        ),
        Share(
            "share_without_service_level",
            "thủ tục thiếu mức độ DVC",
            _is_blank("service_level_code"),
            high=0.2,
        ),
        Share("share_without_field", "thủ tục thiếu lĩnh vực", _is_blank("field_key"), high=0.1),
        Share("share_without_duration", "thủ tục thiếu thời hạn giải quyết", _is_blank("duration")),
    ),
    "documents": (
        Share("share_without_issued_date", "văn bản thiếu ngày ban hành", _is_blank("issued_date"), high=0.5),
        Share("share_without_field", "văn bản thiếu lĩnh vực", _is_blank("field_key"), high=0.1),
        Share(
            "share_posted_before_issue",
            "văn bản niêm yết trước ngày ban hành",
            pl.col("posted_date") < pl.col("issued_date"),
            high=0.05,
            is_compared=False,
        ),
        _is_repeated("document_number"),
    ),
    "late_notes": (
        Share("share_without_cause", "hồ sơ trễ hạn thiếu nguyên nhân", _is_blank("cause_code"), high=0.5),
        Share("share_other_cause", "nguyên nhân không khớp danh mục", _CAUSE == "other", high=0.5),
        Share("share_with_apology", "hồ sơ trễ hạn có thư xin lỗi", pl.col("apology_date").is_not_null()),
        _is_repeated("dossier_code"),
    ),
}


def columns_asked_for(kind: str) -> set[str]:
    """The columns that the shares of a kind are computed from."""
    return {column for share in SUITES.get(kind, ()) for column in share.columns}


def indicators(kind: str, rows: pl.DataFrame) -> pl.DataFrame:
    """A column of 1, 0 or null per share of the suite whose columns `rows` has; values stay behind."""
    shares = [share for share in SUITES.get(kind, ()) if share.columns <= set(rows.columns)]
    return rows.select(share.is_so.cast(pl.Int8).alias(share.name) for share in shares)


def summary_of(kind: str, rows: pl.DataFrame) -> Summary:
    """What is looked at of the believed rows of one kind; of `rows` the columns that its suite asks for are enough."""
    marked = indicators(kind, rows)
    return Summary(
        rows.height,
        {
            column.name: float(column.mean())  # type: ignore[arg-type]
            for column in marked.iter_columns()
            if column.count() >= FEWEST_ROWS_FOR_SHARES
        },
    )
