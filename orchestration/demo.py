"""The sample quarter as a story: two nights, two revisions, and the report's own figures at the end.

Figures are read from the publication, never known here; only what the report of 2023 printed is. Keep out: the night's work.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from rich.console import Console

from exports.figures import read_figures_csv
from exports.wording import percent, whole
from orchestration.durable import sha256_of
from orchestration.editions import CSV, newest_edition
from orchestration.home import Home
from orchestration.lake import Lake
from orchestration.problems import Problem
from orchestration.warehouse import published_path, read_rows

SAMPLE = Path(__file__).parent / "sample" / "2023-Q3"
PERIOD = "2023-Q3"


class NotAPlayground(Problem):
    """The home holds an office's own exports."""


@dataclass(frozen=True)
class SampleStep:
    """Exports that arrive together, and the publication after them."""

    folder: str
    title: str
    as_of: str
    revision: int
    period_code: str = PERIOD

    def is_published(self, home: Home) -> bool:
        newest = newest_edition(home, self.period_code)
        return newest is not None and newest.revision >= self.revision


SAMPLE_STEPS = (
    SampleStep("inbox", "Đêm thứ nhất: các tệp của quý III/2023", "2023-09-15T07:00:00", 0),
    SampleStep("inbox-later", "Đêm thứ hai: một tệp điều chỉnh đến muộn ba tuần", "2023-10-05T07:00:00", 1),
)


def assert_only_samples(home: Home) -> None:
    """Raise NotAPlayground where the home's lake or inbox holds anything but the sample."""
    known = {sha256_of(path) for path in _sample_files()}
    loaded = {batch.sha256 for batch in Lake.open(home).batches}
    waiting = {sha256_of(path) for path in home.inbox.iterdir() if path.is_file()}
    if (loaded | waiting) - known:
        raise NotAPlayground(
            "Thư mục này đã có dữ liệu của đơn vị; hãy chạy thử ở thư mục khác, ví dụ: motcua demo --home thu-nghiem"
        )


def told_of_samples(lake: Lake) -> str:
    """What a clerk should know of files of the sample that are counted together with the office's own; else nothing."""
    sizes = {batch.size_bytes for batch in lake.batches}
    # Only what could be one of them is read: of a home without the sample, as most are, no file.
    known = {sha256_of(path) for path in _sample_files() if path.stat().st_size in sizes}
    samples_count = sum(batch.sha256 in known for batch in lake.batches)
    if samples_count in (0, len(lake.batches)):
        return ""
    return (
        f"thư mục này có {whole(samples_count)} tệp mẫu của motcua demo (nhân vật giả), đang tính chung với tệp của đơn vị; "
        "hãy dùng thư mục khác bằng --home."
    )


def _sample_files() -> list[Path]:
    return [path for step in SAMPLE_STEPS for path in (SAMPLE / step.folder).iterdir()]


def drop_sample(home: Home, step: SampleStep) -> None:
    """Put the step's exports into the inbox."""
    for path in sorted((SAMPLE / step.folder).iterdir()):
        shutil.copy2(path, home.inbox / path.name)


def show_report(console: Console, home: Home) -> None:
    """Sections I.3 and II.2 of the report with the figures of r0, and where the printed report of 2023 is wrong."""
    figures = read_figures_csv((home.publications / PERIOD / "r0" / CSV).read_bytes())
    level = {
        (row["level_code"], row["measure_code"]): row["value"]
        for row in figures.filter((pl.col("unit_code") == "_T") & (pl.col("field_code") == "_T")).iter_rows(
            named=True
        )
    }
    console.print(
        f"\n[bold]BÁO CÁO QUÝ III NĂM 2023[/] – số liệu của bản {PERIOD} r0 (tính đến 07:00 15/09/2023)\n"
    )
    console.print("[bold]I.3. Kết quả giải quyết TTHC[/]")
    for number, code, name in (("3.1", "huyen", "Cấp huyện"), ("3.2", "xa", "Cấp xã")):
        console.print(_section(level, number, code, name), soft_wrap=True)
        console.print(f"  Trễ hạn tại: {_late_units(home, figures, code)}.", soft_wrap=True)
    console.print("\n[bold]II.2. Kết quả khảo sát[/]")
    for code, name in (("huyen", "Cấp huyện"), ("xa", "Cấp xã")):
        console.print(_survey(level, code, name), soft_wrap=True)
    console.print(f"  Đơn vị chưa có phiếu khảo sát: {_silent_units(home, figures)}.", soft_wrap=True)
    console.print("\n[bold]Hai chỗ báo cáo in năm 2023 bị sai[/]")
    _show_errors(console, level)
    path = published_path(home)
    console.print("\n[bold]Xem ở đâu[/]")
    console.print(
        f"  Bản công bố: {home.publications / PERIOD} (r0 đầu tiên; r1 sau tệp điều chỉnh)", soft_wrap=True
    )
    console.print(f"  Kho DuckDB: {path}", soft_wrap=True)
    console.print("  Kiểm tra, nguồn gốc, lịch sử: motcua ui – Tình trạng: motcua status")


Values = dict[tuple[str, str], float]


def _section(level: Values, number: str, code: str, name: str) -> str:
    def said(measure: str) -> str:
        return whole(level[code, measure])

    in_time = whole(level[code, "resolved_early"] + level[code, "resolved_on_time"])
    return (
        f"{number} {name}: tiếp nhận tổng cộng {said('received_total')} hồ sơ, trong đó {said('received_online')} hồ sơ mới "
        f"tiếp nhận trực tuyến, {said('received_direct')} hồ sơ mới tiếp nhận trực tiếp và {said('carried_over')} hồ sơ của "
        f"kỳ trước chuyển qua. Đã giải quyết {said('resolved_total')} hồ sơ (trước và đúng hạn {in_time}, quá hạn "
        f"{said('resolved_late')}); đang giải quyết {said('in_progress_total')} hồ sơ, trong đó {said('in_progress_overdue')} "
        f"hồ sơ quá hạn. Tổng cộng trễ hạn {said('late_total')} hồ sơ."
    )


def _survey(level: Values, code: str, name: str) -> str:
    return (
        f"  {name}: {whole(level[code, 'survey_responses'])} lượt khảo sát; rất hài lòng và hài lòng "
        f"{whole(level[code, 'survey_satisfied'])} phiếu ({percent(level[code, 'survey_satisfied_rate'])}), bình thường "
        f"{percent(level[code, 'survey_neutral_rate'])}; bằng {percent(level[code, 'survey_coverage_rate'])} số hồ sơ đã giải "
        f"quyết, còn thiếu {whole(level[code, 'survey_shortfall'])} phiếu so với mức tối thiểu."
    )


def _names(home: Home) -> dict[str, str]:
    path = published_path(home)
    assert path is not None
    sql = "select unit_code, unit_name from core.dim_unit_periods where period_code = ?"
    return dict(read_rows(path, sql, [PERIOD]))


def _of_units(figures: pl.DataFrame, measure: str) -> pl.DataFrame:
    return figures.filter(
        (pl.col("measure_code") == measure) & (pl.col("unit_code") != "_T") & (pl.col("field_code") == "_T")
    )


def _late_units(home: Home, figures: pl.DataFrame, level: str) -> str:
    names = _names(home)
    late = _of_units(figures, "late_total").filter((pl.col("level_code") == level) & (pl.col("value") > 0))
    listed = [
        f"{names[unit]} ({whole(value)})" for unit, value in late.select("unit_code", "value").iter_rows()
    ]
    return ", ".join(listed) or "không có đơn vị nào"


def _silent_units(home: Home, figures: pl.DataFrame) -> str:
    names = _names(home)
    silent = _of_units(figures, "survey_responses").filter(pl.col("value") == 0)
    return ", ".join(names[unit] for unit in silent["unit_code"]) or "không có"


def _show_errors(console: Console, level: Values) -> None:
    """What was printed (known) against what is computed (read)."""
    within, overdue, total = (
        whole(level["xa", f"in_progress_{part}"]) for part in ("within", "overdue", "total")
    )
    console.print(
        f"  1. I.3.2, cấp xã: báo cáo in “đang giải quyết 55 hồ sơ có 03 hồ sơ trễ hạn”. {within} là số trong hạn, "
        f"{overdue} hồ sơ quá hạn đứng bên cạnh: đang giải quyết là {total} hồ sơ "
        f"({whole(level['xa', 'resolved_total'])} + {total} = {whole(level['xa', 'received_total'])}).",
        soft_wrap=True,
    )
    console.print(
        f"  2. II.2, cấp xã: báo cáo in 99,62% (và 0.38%). {whole(level['xa', 'survey_satisfied'])} trên "
        f"{whole(level['xa', 'survey_responses'])} phiếu là {percent(level['xa', 'survey_satisfied_rate'])} (và "
        f"{percent(level['xa', 'survey_neutral_rate'])}).",
        soft_wrap=True,
    )
