"""A release and the bytes of its data files -> datapackage.json (Frictionless Data Package v1).

Whoever takes figures.csv, figures.parquet or changes.csv away finds here what a row is, what each code means, under which
licence, from whom and of which revision; the codes are resources of their own, to which the columns of the figures point. Keep
out: other files of a publication (`manifest`), and anything that depends on the clock.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from exports.changes import COLUMNS as CHANGE_COLUMNS
from exports.changes import changes_csv
from exports.figures import KEY_COLUMNS
from exports.manifest import UTC_OFFSET
from exports.release import TOTAL, Release
from exports.survey_rule import measure_label
from exports.wording import BASES, LEVELS, period_in_words, revision_in_words


@dataclass(frozen=True)
class Licence:
    """Under which terms the data may be used; `name` is its Open Definition or SPDX identifier."""

    name: str
    title: str
    path: str


CC_BY = Licence(
    "CC-BY-4.0",
    "Creative Commons Ghi công 4.0 Quốc tế (Attribution 4.0 International)",
    "https://creativecommons.org/licenses/by/4.0/",
)

# column -> title, description; in the order of the files
COLUMNS = {
    "period_code": (
        "Kỳ báo cáo",
        "Mã kỳ báo cáo, như 2023-Q3; ngày đầu và ngày cuối ở thuộc tính “temporal”.",
    ),
    "level_code": ("Cấp", "Cấp của đơn vị giải quyết: mã trong bảng “levels”; _T là tổng các cấp."),
    "unit_code": ("Đơn vị", "Đơn vị giải quyết: mã trong bảng “units”; _T là tổng các đơn vị."),
    "field_code": ("Lĩnh vực", "Mã trong bảng “fields”; _U là chưa xác định, _T là tổng các lĩnh vực."),
    "measure_code": ("Chỉ tiêu", "Mã trong bảng “measures”, nơi có định nghĩa và căn cứ của từng chỉ tiêu."),
}
VALUE = {
    "name": "value",
    "type": "number",
    "title": "Giá trị",
    "description": "Số đếm (số nguyên), hoặc tỷ lệ từ 0 trở lên (1 là 100%). Để trống chỉ khi mẫu số của tỷ lệ bằng 0. "
    "Tổng số là dòng riêng (_T): không cộng các dòng với nhau.",
    "constraints": {"minimum": 0},
}
CHANGE_KEY = CHANGE_COLUMNS[:4]
REFERENCES = {
    "level_code": "levels",
    "unit_code": "units",
    "field_code": "fields",
    "measure_code": "measures",
}
CODE_COLUMNS = {
    "level_code": "Mã cấp",
    "unit_code": "Mã đơn vị, không đổi theo thời gian",
    "field_code": "Mã lĩnh vực",
    "measure_code": "Mã chỉ tiêu",
    "title": "Tên gọi",
    "unit": "Đơn vị tính: dossiers hồ sơ, ratio tỷ lệ, forms phiếu, items PAKN, procedures thủ tục, documents văn bản",
    "dimensions": "Chỉ tiêu có theo chiều nào: level cấp, unit đơn vị, field lĩnh vực",
    "definition": "Định nghĩa; số trong ngoặc đơn là cột của biểu II.06a",
    "basis": "Căn cứ của định nghĩa",
}
PARQUET_TYPE = "application/vnd.apache.parquet"


def data_package(release: Release, outputs: Mapping[str, bytes], licence: Licence = CC_BY) -> bytes:
    """UTF-8 JSON with a line break at its end. `outputs` maps at least figures.csv and figures.parquet to their bytes.

    Raises KeyError where one of the two is missing.
    """
    period = release.period
    office = release.office.name or "Bộ phận Một cửa"
    package = {
        "profile": "data-package",
        "name": f"motcua-{period.code.lower()}-r{release.revision}",
        "title": f"Số liệu giải quyết thủ tục hành chính {period_in_words(period)}, {office}",
        "description": "Kết quả tiếp nhận và giải quyết hồ sơ thủ tục hành chính theo biểu II.06a/VPCP/KSTT, khảo sát "
        "sự hài lòng, phản ánh kiến nghị, danh mục thủ tục và văn bản, theo cấp, đơn vị và lĩnh vực. Không có dữ liệu cá nhân.",
        "version": f"{period.code}-r{release.revision}",
        "created": f"{release.as_of.isoformat(timespec='seconds')}{UTC_OFFSET}",
        "licenses": [{"name": licence.name, "title": licence.title, "path": licence.path}],
        "sources": [
            {"title": office},
            {"title": "Tệp xuất từ Cổng Dịch vụ công, tổng hợp bằng phần mềm motcua"},
        ],
        "contributors": [{"title": office, "role": "publisher"}],
        "keywords": ["thủ tục hành chính", "một cửa", "dịch vụ công", "II.06a/VPCP/KSTT"],
        "temporal": {
            "start": period.start_date.isoformat(),
            "end": period.end_date.isoformat(),
            "countedTo": period.counted_to_date.isoformat(),
        },
        "status": "provisional" if release.is_provisional else "final",
        "revision": {"number": release.revision, "title": revision_in_words(release.revision)},
        "codeVersion": release.code_version,
        "settings": dict(release.settings),
        "resources": [
            _figures_csv(release, outputs["figures.csv"]),
            _figures_parquet(outputs["figures.parquet"]),
            *([_changes_csv(release)] if release.revision else []),
            *_codes(release),
        ],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _figures_csv(release: Release, content: bytes) -> dict[str, Any]:
    schema = {
        "fields": [*(_key_column(column, release) for column in KEY_COLUMNS), VALUE],
        "primaryKey": list(KEY_COLUMNS),
        "missingValues": [""],
        "foreignKeys": [
            {"fields": [column], "reference": {"resource": resource, "fields": [column]}}
            for column, resource in REFERENCES.items()
        ],
    }
    return _csv("figures", "Toàn bộ số liệu, mỗi dòng một số", content, schema)


def _changes_csv(release: Release) -> dict[str, Any]:
    # Without foreign keys: a unit or field that the revision before had may be gone from the tables of codes.
    schema = {
        "fields": [
            *(_key_column(column, release) for column in CHANGE_KEY),
            VALUE | {"name": "old", "title": "Giá trị ở bản trước"},
            VALUE | {"name": "new", "title": "Giá trị ở bản này"},
            {
                "name": "cause",
                "type": "string",
                "title": "Nguyên nhân",
                "description": "Vì sao số liệu khác bản trước.",
            },
        ],
        "primaryKey": list(CHANGE_KEY),
        "missingValues": [""],
    }
    return _csv("changes", "Số liệu thay đổi so với bản trước", changes_csv(release.changes), schema)


def _csv(name: str, title: str, content: bytes, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "profile": "tabular-data-resource",
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {
            "delimiter": ",",
            "lineTerminator": "\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        },
        **_content(content),
        "schema": schema,
    }


def _figures_parquet(content: bytes) -> dict[str, Any]:
    return {
        "name": "figures-parquet",
        "title": "Cùng số liệu như figures.csv, dạng Parquet",
        "profile": "data-resource",
        # A file to check by its hash: frictionless compares no hash of what it reads as a table.
        "type": "file",
        "path": "figures.parquet",
        "format": "parquet",
        "mediatype": PARQUET_TYPE,
        **_content(content),
    }


def _codes(release: Release) -> list[dict[str, Any]]:
    """What the codes of the figures stand for: a small table each, inside the package."""
    levels = [TOTAL, *release.levels]
    all_of = {"title": "Tổng số"}
    return [
        _code_table(
            "levels",
            "Các cấp",
            "level_code",
            ({"level_code": code, "title": LEVELS[code]} for code in levels),
        ),
        _code_table(
            "units",
            "Các đơn vị, tên tại ngày cuối kỳ",
            "unit_code",
            [
                {"unit_code": TOTAL, "level_code": TOTAL} | all_of,
                *release.units.select("unit_code", "level_code", title="unit_name").to_dicts(),
            ],
        ),
        _code_table(
            "fields",
            "Các lĩnh vực",
            "field_code",
            [
                {"field_code": TOTAL} | all_of,
                *release.fields.select("field_code", title="field_name").to_dicts(),
            ],
        ),
        _code_table(
            "measures",
            "Các chỉ tiêu: định nghĩa và căn cứ",
            "measure_code",
            (
                row
                | {
                    "definition": row["definition"] or "",
                    "basis": BASES.get(row["basis"], row["basis"]),
                    "title": measure_label(release, row["measure_code"]),
                }
                for row in release.measures.select(
                    "measure_code", "unit", "dimensions", "definition", "basis"
                ).iter_rows(named=True)
            ),
        ),
    ]


def _code_table(name: str, title: str, key: str, rows: Iterable[dict[str, str]]) -> dict[str, Any]:
    data = list(rows)
    return {
        "name": name,
        "title": title,
        "profile": "tabular-data-resource",
        "data": data,
        "schema": {
            "fields": [
                {"name": column, "type": "string", "description": CODE_COLUMNS[column]}
                | ({"constraints": {"required": True, "unique": True}} if column == key else {})
                for column in data[0]
            ],
            "primaryKey": [key],
        },
    }


def _key_column(column: str, release: Release) -> dict[str, Any]:
    title, description = COLUMNS[column]
    only = {"enum": [release.period.code]} if column == "period_code" else {}
    return {
        "name": column,
        "type": "string",
        "title": title,
        "description": description,
        "constraints": {"required": True} | only,
    }


def _content(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
