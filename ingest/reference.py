"""Reference data of the project and of the office into one set of tables, and into what reading needs of
them.

The office's rows replace the shipped rows of the same key, or are added; its `aliases.csv` adds names for
units, fields, statuses, channels, satisfaction, levels, procedures and headers. Nothing here knows an export.
"""

import contextlib
import csv
import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl

from ingest.declarations import KINDS, KINDS_FILE, LABELS
from ingest.headers import HeaderNames, header_names
from ingest.office_csv import Line, ReferenceProblem, read_lines
from ingest.text import clean, header_key, match_key, procedure_key, unit_key
from ingest.times import parse_time

__all__ = ["Reference", "ReferenceProblem", "load_reference"]

TABLES: dict[str, list[str]] = {
    "units": [
        "unit_code",
        "unit_name",
        "level_code",
        "kind",
        "gso_code",
        "valid_from",
        "valid_to",
        "successor_code",
        "source",
    ],
    "fields": ["field_code", "field_name"],
    "statuses": ["status_code", "status_label", "state"],
    "channels": ["channel_code", "channel_label", "is_online"],
    "late_causes": ["cause_code", "cause_label", "patterns", "example_from_the_report"],
    "satisfaction_levels": ["satisfaction_code", "satisfaction_label", "is_satisfied"],
    "calendar": ["date", "is_working_day", "reason", "source"],
}
ALIASES, ALIAS_COLUMNS = "aliases.csv", ["domain", "alias", "code"]
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_KEYS = {"units": ["unit_code", "valid_from"]}
_NEEDED = {"units": ["unit_code", "unit_name", "level_code", "valid_from"]}
_DATES = {"units": ["valid_from", "valid_to"], "calendar": ["date"]}
_ALLOWED = {
    ("units", "level_code"): ("tinh", "huyen", "xa"),
    ("statuses", "state"): ("not_received", "open", "refused", "paused", "closed"),
    ("channels", "is_online"): ("true", "false"),
    ("satisfaction_levels", "is_satisfied"): ("true", "false"),
    ("calendar", "is_working_day"): ("true", "false"),
}
_LABEL_TABLES = {"status": "statuses", "channel": "channels", "satisfaction": "satisfaction_levels"}
_DOMAINS = (
    "unit",
    "field",
    "status",
    "channel",
    "satisfaction",
    "level",
    "service_level",
    "procedure",
    "header",
)
_UNNAMED_CAUSES = ("other", "not_reported")


@dataclass
class Reference:
    """The merged tables (all columns texts) and the aliases (domain -> [(alias, code)])."""

    tables: dict[str, pl.DataFrame]
    aliases: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def write_seeds(self, folder: Path) -> None:
        """One csv per table into `folder`, named as the shipped ones; the same tables give the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in self.tables:
            (folder / f"{name}.csv").write_text(self._csv(name), encoding="utf-8", newline="")

    def as_files(self) -> dict[str, str]:
        """File name -> csv, of every table and of the aliases: a folder of them, loaded, is the same reference data."""
        aliases = [(domain, *pair) for domain, pairs in self.aliases.items() for pair in pairs]
        files = {f"{name}.csv": self._csv(name) for name in self.tables}
        return files | {ALIASES: _as_csv(ALIAS_COLUMNS, aliases)}

    def _csv(self, name: str) -> str:
        return _as_csv(self.tables[name].columns, self.tables[name].iter_rows())

    @cached_property
    def digest(self) -> str:
        """SHA-256 over tables, aliases, kinds and this library: with another one a file may be understood differently."""
        content = hashlib.sha256()
        for source in sorted(KINDS_FILE.parent.glob("*.*")):
            if source.suffix in (".py", ".toml"):
                content.update(f"\0{source.name}\0".encode() + source.read_bytes())
        for name in sorted(self.tables):
            content.update(f"\0{name}\0{self._csv(name)}".encode())
        for domain in sorted(self.aliases):
            content.update(f"\0{domain}\0{self.aliases[domain]}".encode())
        return content.hexdigest()

    @cached_property
    def unit_names(self) -> pl.DataFrame:
        """unit_key, unit_code, valid_from date, valid_to date (null: still): every name a unit goes by, and
        when.
        """
        aliases: dict[str, list[str]] = {}
        for alias, code in self.aliases.get("unit", []):
            aliases.setdefault(code, []).append(alias)
        rows = {
            (unit_key(name), unit["unit_code"], unit["valid_from"], unit["valid_to"] or None)
            for unit in self.tables["units"].iter_rows(named=True)
            for name in (
                unit["unit_name"],
                unit["unit_code"],
                unit["gso_code"],
                *aliases.get(unit["unit_code"], []),
            )
            if unit_key(name)
        }
        names = pl.DataFrame(
            sorted(rows, key=lambda row: (row[0], row[1], row[2])),
            schema=dict.fromkeys(("unit_key", "unit_code", "valid_from", "valid_to"), pl.String),
            orient="row",
        )
        return names.with_columns(pl.col("valid_from", "valid_to").str.to_date("%Y-%m-%d"))

    @cached_property
    def field_names(self) -> pl.DataFrame:
        """field_key, field_code: every name, code and alias of a field; one row a key, the official name
        first.
        """
        table = self.tables["fields"]
        rows = [
            *table.select("field_name", "field_code").iter_rows(),
            *((code, code) for code in table["field_code"]),
        ]
        keys: dict[str, str] = {}
        for name, code in [*rows, *self.aliases.get("field", [])]:
            keys.setdefault(match_key(name), code)
        return _pairs(keys, "field_key", "field_code")

    @cached_property
    def procedure_names(self) -> pl.DataFrame:
        """alias_key, procedure_key: codes of procedures that mean another one."""
        keys = {
            procedure_key(alias): procedure_key(code) for alias, code in self.aliases.get("procedure", [])
        }
        return _pairs(keys, "alias_key", "procedure_key")

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """Domain -> match key of a label, alias or code -> code."""
        labels: dict[str, dict[str, str]] = {}
        for domain, declared in LABELS.items():
            keys = labels.setdefault(domain, {})
            official = [(code, code) for code in declared]
            if domain in _LABEL_TABLES:
                table = self.tables[_LABEL_TABLES[domain]]
                official = [(row[1], row[0]) for row in table.iter_rows()] + [
                    (row[0], row[0]) for row in table.iter_rows()
                ]
            codes = {code for _, code in official}
            aliases = [(alias, code) for code, texts in declared.items() for alias in texts if code in codes]
            for text, code in [*self.aliases.get(domain, []), *official, *aliases]:
                keys.setdefault(match_key(text), code)
        return labels

    @cached_property
    def unit_keys(self) -> set[str]:
        return set(self.unit_names["unit_key"])

    @cached_property
    def field_keys(self) -> set[str]:
        return set(self.field_names["field_key"])

    @cached_property
    def causes(self) -> list[tuple[str, list[str]]]:
        """(cause code, lower-case patterns) in the order in which they are tried."""
        table = self.tables["late_causes"].select("cause_code", "patterns")
        listed = [
            (code, [clean_pattern(part) for part in texts.split("|")]) for code, texts in table.iter_rows()
        ]
        return [(code, [part for part in parts if part.strip()]) for code, parts in listed]

    @cached_property
    def header_names(self) -> HeaderNames:
        """What each header means in each kind, the office's wordings too."""
        return header_names((alias, *code.split(".")) for alias, code in self.aliases.get("header", []))  # type: ignore[misc]


def _as_csv(columns: list[str], rows: Iterable[tuple[object, ...]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return written.getvalue()


def clean_pattern(text: str) -> str:
    """A pattern as it is compared: cleaned and lower-case, with the space at its end that marks the end of a
    word.
    """
    return clean(text).lower() + (" " if text.endswith(" ") else "")


def load_reference(shipped: Path, office: Path | None) -> Reference:
    """The shipped tables with the office's laid over them. Raises `ReferenceProblem`."""
    tables = {name: _merged(name, shipped, office) for name in TABLES}
    reference = Reference(tables)
    if office is not None and (office / ALIASES).is_file():
        reference.aliases = _aliases(office / ALIASES, reference)
    return reference


def _pairs(keys: dict[str, str], key: str, value: str) -> pl.DataFrame:
    rows = sorted((text, code) for text, code in keys.items() if text)
    return pl.DataFrame(rows, schema={key: pl.String, value: pl.String}, orient="row")


def _merged(name: str, shipped: Path, office: Path | None) -> pl.DataFrame:
    columns = TABLES[name]
    rows = _by_key(name, read_lines(shipped / f"{name}.csv", columns, _NEEDED.get(name, columns[:1])))
    own = office / f"{name}.csv" if office is not None else None
    if own is not None and own.is_file():
        added = _by_key(name, read_lines(own, columns, _NEEDED.get(name, columns[:1])))
        if name == "late_causes":
            # New causes are tried before `other`; one of a known code keeps its place.
            rest = {key: rows.pop(key) for key in [*rows] if key[0] in _UNNAMED_CAUSES}
            rows = rows | {key: line for key, line in added.items() if key not in rest}
            rows |= rest | {key: line for key, line in added.items() if key in rest}
        else:
            rows |= added
    return pl.DataFrame([line.cells for line in rows.values()], schema=dict.fromkeys(columns, pl.String))


def _by_key(name: str, lines: list[Line]) -> dict[tuple[str, ...], Line]:
    rows: dict[tuple[str, ...], Line] = {}
    for line in lines:
        for column in _DATES.get(name, []):
            line.cells[column] = _iso_date(line, column)
        for (table, column), allowed in _ALLOWED.items():
            if table == name and column in line.cells:
                line.cells[column] = line.cells[column].lower()
                if line.cells[column] and line.cells[column] not in allowed:
                    raise line.problem(f"ô {column} phải là một trong: {', '.join(allowed)}.")
        key = tuple(line.cells[column] for column in _KEYS.get(name, TABLES[name][:1]))
        if key in rows:
            raise line.problem(f"trùng khóa với dòng {rows[key].number}.")
        rows[key] = line
    return rows


def _iso_date(line: Line, column: str) -> str:
    text = line.cells[column]
    if not text:
        return ""
    if _ISO_DATE.fullmatch(text):
        # The parser of exports is made for columns: a call costs milliseconds.
        with contextlib.suppress(ValueError):
            return date.fromisoformat(text).isoformat()
    moment = parse_time(text)
    if moment is None:
        raise line.problem(f"ô {column} không phải là ngày hợp lệ (viết dạng 2025-07-01 hoặc 01/07/2025).")
    return moment.date().isoformat()


def _aliases(path: Path, reference: Reference) -> dict[str, list[tuple[str, str]]]:
    codes = {
        "unit": set(reference.tables["units"]["unit_code"]),
        "field": set(reference.tables["fields"]["field_code"]),
        **{domain: set(keys.values()) for domain, keys in reference.labels.items()},
        "header": {f"{kind.name}.{listed}" for kind in KINDS.values() for listed in kind.fields},
    }
    found: dict[str, list[tuple[str, str]]] = {}
    seen: dict[tuple[str, str], tuple[str, int]] = {}
    for line in read_lines(path, ALIAS_COLUMNS, ALIAS_COLUMNS):
        domain, alias, code = (line.cells[column] for column in ALIAS_COLUMNS)
        if domain not in _DOMAINS:
            raise line.problem(f"không có loại “{domain}”; các loại dùng được: {', '.join(_DOMAINS)}.")
        if domain in codes and code not in codes[domain]:
            raise line.problem(f"không có mã “{code}” trong loại {domain}.")
        key = header_key(alias) if domain == "header" else match_key(alias)
        scope = f"header {code.split('.')[0]}" if domain == "header" else domain
        if seen.setdefault((scope, key), (code, line.number))[0] != code:
            raise line.problem(f"tên này đã chỉ một mã khác ở dòng {seen[scope, key][1]}.")
        found.setdefault(domain, []).append((alias, code))
    # As laid down, whatever was understood before the aliases came must be understood anew.
    reference.__dict__.pop("labels", None)
    return found
