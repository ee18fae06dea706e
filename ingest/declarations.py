"""`kinds.toml` as objects: the kinds of export, their fields, and the columns each kind has in the lake.

Belongs here: what a type of field becomes in the lake, and the checks that the declaration is well-formed.
Wordings, required columns and reasons belong in `kinds.toml`; what is done with them belongs to the modules
that read, understand and judge.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

KINDS_FILE = Path(__file__).with_name("kinds.toml")
DECLARED: Mapping[str, Any] = tomllib.loads(KINDS_FILE.read_text(encoding="utf-8"))

TIMESTAMP = pl.Datetime("us")

# The first columns of every file in the lake: where a row came from.
ORIGIN: dict[str, pl.DataType] = {
    "batch_id": pl.String(),
    "sheet_name": pl.String(),
    "sheet_number": pl.Int32(),
    "row_number": pl.Int64(),
}

# What each type of field becomes; {f} is the field, {s} the field without a trailing _code.
_COLUMNS: dict[str, dict[str, pl.DataType]] = {
    "code": {"{f}": pl.String()},
    "procedure_code": {"{f}": pl.String(), "{s}_key": pl.String()},
    "procedure_name": {"{f}": pl.String(), "{f}_key": pl.String()},
    "label": {"{f}_read": pl.String(), "{f}_code": pl.String()},
    "unit": {"{f}_read": pl.String(), "{f}_key": pl.String()},
    "lookup": {"{f}_read": pl.String(), "{f}_key": pl.String()},
    "receiving_unit": {"{f}_read": pl.String()},
    "text": {"{f}": pl.String()},
    "time": {"{f}": TIMESTAMP, "{f}_precision": pl.String(), "{f}_read": pl.String()},
    "number": {"{f}_read": pl.String(), "{f}": pl.Float64()},
    "cause": {"{f}_code": pl.String()},
    "supplements": {"{f}": pl.String()},
    "witness": {},
}

# The order in which reasons are given: of several, the first one is kept.
REASONS = (
    "missing_code",
    "missing_received_date",
    "missing_end_date",
    "invalid_date",
    "date_out_of_range",
    "finished_before_received",
    "unknown_status",
    "unknown_unit",
    "unknown_channel",
    "unknown_satisfaction_level",
    "unknown_level",
)


@dataclass(frozen=True)
class Field:
    """One listed column of a kind, as declared."""

    name: str
    type: str
    headers: tuple[str, ...]
    required: bool = False
    one_of: str | None = None
    domain: str | None = None
    blank: str | None = None
    unknown: str | None = None
    not_after_export: bool = False
    max_years_after_export: int | None = None
    loose: bool = False

    @property
    def lake_columns(self) -> dict[str, pl.DataType]:
        """Name and type of each lake column this field becomes."""
        stem = self.name.removesuffix("_code")
        return {name.format(f=self.name, s=stem): dtype for name, dtype in _COLUMNS[self.type].items()}

    @property
    def raw(self) -> str:
        """The column that holds the cell's text as read, between reading and judging."""
        return f"raw.{self.name}"


@dataclass(frozen=True)
class Kind:
    """One kind of export."""

    name: str
    title: str
    key: str
    fields: dict[str, Field]

    @property
    def lake_schema(self) -> dict[str, pl.DataType]:
        """The typed columns of a lake file of this kind, in order."""
        schema = dict(ORIGIN)
        for field in self.fields.values():
            schema |= field.lake_columns
        return schema

    def of_type(self, *types: str) -> list[Field]:
        """The fields of these types, in the declared order."""
        return [field for field in self.fields.values() if field.type in types]


def _field(kind: str, name: str, declared: Mapping[str, Any]) -> Field:
    field = Field(name=name, **{**declared, "headers": tuple(declared["headers"])})
    if field.type not in _COLUMNS:
        raise ValueError(f"kinds.toml: {kind}.{name}: unknown type {field.type}")
    if not {field.blank, field.unknown} <= {None, *REASONS}:
        raise ValueError(f"kinds.toml: {kind}.{name}: unknown reason")
    if (field.type == "label") != (field.domain is not None):
        raise ValueError(f"kinds.toml: {kind}.{name}: a label, and only a label, has a domain")
    return field


def _kind(name: str, declared: Mapping[str, Any]) -> Kind:
    fields = {field: _field(name, field, table) for field, table in declared["fields"].items()}
    if fields[declared["key"]].type not in ("code", "procedure_code"):
        raise ValueError(f"kinds.toml: {name}: the key must be a code")
    return Kind(name=name, title=declared["title"], key=declared["key"], fields=fields)


KINDS: dict[str, Kind] = {name: _kind(name, table) for name, table in DECLARED["kinds"].items()}
LABELS: dict[str, dict[str, list[str]]] = {
    domain: dict(table) for domain, table in DECLARED["labels"].items()
}
EXPORT_TIME_LINES: tuple[str, ...] = tuple(DECLARED["export_time_lines"])
COUNTER_HEADERS: tuple[str, ...] = tuple(DECLARED["counter_headers"])
SUPPLEMENT_KEYS = ("NgayBoSung", "NgayTiepNhanBoSung", "NgayHenTraTruoc", "NgayHenTraMoi")

QUARANTINE_SCHEMA: dict[str, pl.DataType] = {
    "batch_id": pl.String(),
    "kind": pl.String(),
    "sheet_name": pl.String(),
    "sheet_number": pl.Int32(),
    "row_number": pl.Int64(),
    "reason_code": pl.String(),
    "column_name": pl.String(),
    "offending_value": pl.String(),
    "record_code": pl.String(),
    "is_withheld": pl.Boolean(),
    "cells": pl.String(),
}
