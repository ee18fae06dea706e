"""The first lines of each worksheet of an .xlsx, without reading the rest of it.

The library that reads the cells takes a sheet apart as a whole each time it is asked; to find the header that
would be twice the work. Only what is needed to recognise texts is understood here: a date cell shows as its
serial number.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lxml import etree

from ingest.sheets import HEAD_LINES

_REFERENCE = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")
_OFFICE_ID = re.compile(r"\}id$")
# The lists of sheets and of relations; no workbook's are as long.
_LONGEST_LIST = 1 << 24
# No entity is followed, neither within the file nor out of it.
_PARSING = {"resolve_entities": False, "load_dtd": False, "no_network": True, "huge_tree": False}
# A cell of which the text stands in the table of shared texts.
_Shared = int


def heads_of(path: Path) -> dict[str, list[list[str]]]:
    """Name of a worksheet -> its first lines; empty where the file is not laid out as an .xlsx should be."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = {name: _lines(archive, target) for name, target in _targets(archive).items()}
            wanted = {
                cell
                for lines in found.values()
                for line in lines
                for cell in line
                if isinstance(cell, _Shared)
            }
            texts = _shared(archive, wanted)
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile, etree.LxmlError):
        return {}
    return {
        name: [
            [texts.get(cell, "") if isinstance(cell, _Shared) else cell for cell in line] for line in lines
        ]
        for name, lines in found.items()
    }


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    related = {
        item.get("Id"): item.get("Target", "")
        for item in _whole(archive, "xl/_rels/workbook.xml.rels")
        if item.get("Type", "").endswith("/worksheet")
    }
    targets = {}
    for sheet in _whole(archive, "xl/workbook.xml").iter("{*}sheet"):
        identity = next((value for name, value in sheet.attrib.items() if _OFFICE_ID.search(str(name))), "")
        if target := related.get(identity):
            targets[str(sheet.get("name"))] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return targets


def _whole(archive: zipfile.ZipFile, name: str) -> etree._Element:
    with archive.open(name) as source:
        content = source.read(_LONGEST_LIST + 1)
    if len(content) > _LONGEST_LIST:
        raise ValueError(name)
    return etree.fromstring(content, etree.XMLParser(**_PARSING))


def _ended(source: IO[bytes], tag: str) -> Iterator[etree._Element]:
    for _, element in etree.iterparse(source, tag="{*}" + tag, **_PARSING):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _lines(archive: zipfile.ZipFile, target: str) -> list[list[str | _Shared]]:
    lines: list[list[str | _Shared]] = []
    with archive.open(target) as source:
        for row in _ended(source, "row"):
            number = int(row.get("r", len(lines) + 1))
            if number > HEAD_LINES or number <= len(lines):
                break
            lines += [[] for _ in range(number - len(lines))]
            for cell in row.iter("{*}c"):
                position = _position(cell.get("r"), len(lines[-1]))
                lines[-1] += [""] * (position + 1 - len(lines[-1]))
                lines[-1][position] = _content(cell)
    return lines


def _position(reference: str | None, following: int) -> int:
    matched = _REFERENCE.match(reference or "")
    if not matched:
        return following
    number = 0
    for letter in matched[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _content(cell: etree._Element) -> str | _Shared:
    value = cell.find("{*}v")
    text = value.text or "" if value is not None else ""
    match cell.get("t"):
        case "s":
            return int(text)
        case "inlineStr":
            return _plain(cell.find("{*}is"))
        case "e":
            return ""
        case _:
            return text


def _plain(item: etree._Element | None) -> str:
    # Texts of a phonetic guide are not part of what the cell shows.
    parts = (
        [] if item is None else item.xpath("*[local-name()='t'] | *[local-name()='r']/*[local-name()='t']")
    )
    return "".join(part.text or "" for part in parts)


def _shared(archive: zipfile.ZipFile, wanted: set[_Shared]) -> dict[_Shared, str]:
    texts: dict[_Shared, str] = {}
    if wanted:
        last = max(wanted)
        with archive.open("xl/sharedStrings.xml") as source:
            for number, item in enumerate(_ended(source, "si")):
                if number in wanted:
                    texts[number] = _plain(item)
                if number >= last:
                    break
    return texts
