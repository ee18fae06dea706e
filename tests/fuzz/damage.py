"""Bytes of an export -> the same, spoiled: by bits, by chunks, by tokens that readers stumble over, and in a
workbook by its members and their attributes.
"""

import random
import re
import warnings
from collections.abc import Callable

from tests.fuzz.seeds import Seed, unzipped, zipped

ANY = [
    *(b'"', b'""', b";", b",", b"\t", b"|", b"\r", b"\n", b"\r\n", b"\x00", b"\x00" * 64, b" ", b"\xc2\xa0"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xe2\x80\x8b", b"\xc2\xad", b"\xcc\x81", b"\xe2\x80\xa8"),
    *(
        b"\xc3",
        b"\xff",
        b"\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\x85",
        b"\x0b",
        b"\x0c",
        b"\x1a",
        b"\x1c",
    ),
    *(b"0", b"-1", b"1e999", b"NaN", b"99999999999999999999", b"4294967296", b"1.001230", b"0.1", b"45000.5"),
    *(
        b"31/02/2023",
        b"00/00/0000",
        b"29/02/2100",
        b"2023-13-45",
        b"20230230",
        b"99991231235959",
        b"24:00:00",
    ),
    *(
        b"01/07/2023 08:21:07",
        b"2023-07-01T08:21:07+99:99",
        b"2023-07-01T00:00:00-23:59",
        b"0001-01-01",
        b"2958466",
    ),
    *(
        "Mã hồ sơ".encode(),
        "Tổng cộng".encode(),
        "Thời điểm xuất: 99/99/9999".encode(),
        b"STT",
        b"(1)",
        b"[]",
    ),
    *(
        "Nguyễn Văn An".encode(),
        b"070431292225",
        b"a@b.vn",
        b"=1+1",
        b"'",
        b"\\",
        b"\\u0000",
        b"%s%n",
        b"../..",
    ),
]
HTML = [
    *(
        b"<table>",
        b"</table>",
        b"<tr>",
        b"</tr>",
        b"<td>",
        b"</td>",
        b"<th>",
        b"<td colspan=99999999>",
        b"<!--",
    ),
    *(
        b'<td rowspan="1000">',
        b"<td colspan='-1'>",
        b"<td colspan='\xd9\xa3'>",
        b"-->",
        b"<![CDATA[",
        b"&amp;",
    ),
    *(
        b"&#0;",
        b"&#xD800;",
        b"&#x110000;",
        b"&nbsp;",
        b"<script>",
        b"<meta charset=utf-16>",
        b"<?xml version='1.0'?>",
    ),
    *(
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"<svg>",
        b"<template>",
        b"<frameset>",
        b"<plaintext>",
        b"<br>",
        b"<p>",
    ),
]
JSON = [
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b",",
        b'"',
        b"null",
        b"true",
        b"NaN",
        b"-Infinity",
        b"1e400",
        b'"\\ud800"',
    ),
    *(
        b'"data"',
        b'"data":[]',
        b'{"MaHoSo":{}}',
        b'{"MaHoSo":[1]}',
        b"[" * 300,
        b'{"a":' * 300,
        b'"MaHoSo":"x",',
    ),
    *(
        b'"DanhSachHoSoBoSung":[{"NgayBoSung":1}]',
        b'"DanhSachHoSoBoSung":"[[["',
        b'"\\u0000"',
        b'"":""',
        b"1" * 5000,
    ),
]
XML = [
    *(
        b"<c/>",
        b'<c r="A1"><v>1</v></c>',
        b"<row/>",
        b'<row r="1"/>',
        b"</row>",
        b"<v>",
        b"</v>",
        b"<is><t>x</t></is>",
    ),
    *(
        b"&lt;",
        b"&#0;",
        b"&x;",
        b"<!--",
        b"<![CDATA[",
        b"]]>",
        b"<?x?>",
        b'<mergeCell ref="A1:XFD9"/>',
        b"<f>1/0</f>",
    ),
    *(
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"<sheetData>",
        b"</sheetData>",
        b"<si/>",
        b"<si><r><t>x</t></r></si>",
    ),
]
VALUES = [
    *(
        b"",
        b"0",
        b"1",
        b"-1",
        b"00",
        b"5",
        b"59",
        b"61",
        b"1048576",
        b"1048577",
        b"4294967295",
        b"4294967296",
        b"1e9",
    ),
    *(
        b"A1",
        b"a1",
        b"A0",
        b"ZZ1",
        b"XFD1",
        b"XFD1048576",
        b"A1048577",
        b"ZZZZZZZ99999999",
        b"A1:B2",
        b"B2:A1",
        b"1A",
    ),
    *(
        b"s",
        b"str",
        b"inlineStr",
        b"b",
        b"e",
        b"d",
        b"n",
        b"x",
        b"NaN",
        b"99999999999999999999",
        b"\xc3\xad",
        b"rId1",
    ),
    *(
        b"rId99",
        b"worksheets/sheet1.xml",
        b"/xl/worksheets/sheet1.xml",
        b"../../etc",
        b"dd/mm/yyyy",
        b"0.00",
        b"@",
    ),
]
_ATTRIBUTE = re.compile(
    rb" (?:r|s|t|ref|spans|count|uniqueCount|min|max|numFmtId|formatCode|[rR]:?[iI]d|Id|Target|Type|name|sheetId|"
    rb'applyNumberFormat|cellXfs|xfId|date1904|state|PartName|ContentType|version|encoding)="([^"]*)"'
)
_NUMBER = re.compile(rb"\d+(?:[.,/:\-]\d+)*")

Damage = Callable[[random.Random, bytes], bytes]


def _place(chance: random.Random, content: bytes) -> int:
    """Anywhere, but the first lines of an export matter most."""
    if chance.random() < 0.4:
        return chance.randrange(min(len(content), 2000) + 1)
    return chance.randrange(len(content) + 1)


def _span(chance: random.Random, content: bytes) -> tuple[int, int]:
    start = _place(chance, content)
    return start, min(len(content), start + int(2 ** chance.uniform(0, 12)))


def flip(chance: random.Random, content: bytes) -> bytes:
    spoiled = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 8])):
        if spoiled:
            place = min(_place(chance, content), len(spoiled) - 1)
            spoiled[place] = (
                spoiled[place] ^ (1 << chance.randrange(8))
                if chance.random() < 0.5
                else chance.randrange(256)
            )
    return bytes(spoiled)


def delete(chance: random.Random, content: bytes) -> bytes:
    start, end = _span(chance, content)
    return content[:start] + content[end:]


def repeat(chance: random.Random, content: bytes) -> bytes:
    start, end = _span(chance, content)
    return content[:end] + content[start:end] * chance.choice([1, 1, 2, 20]) + content[end:]


def swap(chance: random.Random, content: bytes) -> bytes:
    (a, b), (c, d) = sorted([_span(chance, content), _span(chance, content)])
    if b > c:
        return delete(chance, content)
    return content[:a] + content[c:d] + content[b:c] + content[a:b] + content[d:]


def truncate(chance: random.Random, content: bytes) -> bytes:
    return content[: _place(chance, content)]


def renumber(chance: random.Random, content: bytes) -> bytes:
    """Another number, date or token in the place of one."""
    found = _NUMBER.search(content, _place(chance, content))
    if not found:
        return content
    return content[: found.start()] + chance.choice(ANY) + content[found.end() :]


def insert(tokens: list[bytes]) -> Damage:
    def damage(chance: random.Random, content: bytes) -> bytes:
        start, end = _span(chance, content)
        if chance.random() < 0.6:
            end = start
        return content[:start] + chance.choice(tokens) * chance.choice([1, 1, 1, 3]) + content[end:]

    return damage


def change_attribute(chance: random.Random, content: bytes) -> bytes:
    found = _ATTRIBUTE.search(content, _place(chance, content)) or _ATTRIBUTE.search(content)
    if not found:
        return insert(XML)(chance, content)
    return content[: found.start(1)] + chance.choice(VALUES) + content[found.end(1) :]


def move_element(chance: random.Random, content: bytes) -> bytes:
    """A row, cell or text of a workbook left out, doubled, or put before another: well-formed still."""
    tag = chance.choice([b"row", b"c", b"si", b"sheet", b"col", b"xf", b"t", b"v"])
    element = re.compile(rb"<%b(?: [^>]*)?(?:/>|>.*?</%b>)" % (tag, tag), re.DOTALL)
    found = element.search(content, _place(chance, content)) or element.search(content)
    if not found:
        return change_attribute(chance, content)
    there = element.search(content, _place(chance, content)) or found
    without = content[: found.start()] + content[found.end() :]
    kept = chance.choice([without, content, content])
    place = there.start() if there.start() <= found.start() else found.start()
    return kept[:place] + found[0] * chance.choice([0, 1, 1, 1, 30]) + kept[place:]


BYTES: list[Damage] = [flip, delete, repeat, swap, truncate, renumber, insert(ANY), insert(ANY)]
OF_FAMILY: dict[str, list[Damage]] = {
    "csv": [],
    "html": [insert(HTML)] * 5,
    "json": [insert(JSON)] * 5,
    "xml": [insert(XML)] * 3 + [change_attribute] * 8 + [move_element] * 8,
}

# What leaves a workbook well-formed, so that it is read on.
ORDERLY: list[Damage] = [change_attribute, move_element, renumber]


def spoiled(chance: random.Random, seed: Seed, other: Seed) -> bytes:
    """The seed with a few damages; at times it goes on as another one."""
    if seed.family == "xlsx" and chance.random() < 0.85:
        return _spoiled_workbook(chance, seed.content, other)
    content = seed.content
    for damage in _chosen(chance, BYTES + OF_FAMILY.get(seed.family, [])):
        content = damage(chance, content)
    if chance.random() < 0.08:
        content = content[: _place(chance, content)] + other.content[_place(chance, other.content) :]
    return content


def _chosen(chance: random.Random, damages: list[Damage]) -> list[Damage]:
    return [chance.choice(damages) for _ in range(chance.choice([1, 1, 1, 2, 2, 3, 5]))]


def _spoiled_workbook(chance: random.Random, content: bytes, other: Seed) -> bytes:
    members = unzipped(content)
    what = chance.random()
    if what < 0.03 and len(members) > 1:
        del members[chance.randrange(len(members))]
    elif what < 0.06:
        name, body = chance.choice(members)
        members.append((name, delete(chance, body)))
    elif what < 0.09:
        a, b = chance.randrange(len(members)), chance.randrange(len(members))
        members[a], members[b] = (members[a][0], members[b][1]), (members[b][0], members[a][1])
    elif what < 0.11:
        place = chance.randrange(len(members))
        members[place] = (
            chance.choice(["xl/../x", "/xl/workbook.xml", "x" * 300, "XL/WORKBOOK.XML"]),
            members[place][1],
        )
    elif what < 0.14 and other.family == "xlsx":
        name, body = chance.choice(unzipped(other.content))
        members = [(known, body if known == name else mine) for known, mine in members]
    else:
        # What the tables and their texts are made of, more often than themes and properties.
        weighty = [n for n, (name, _) in enumerate(members) if "sheet" in name.lower() or "Strings" in name]
        place = (
            chance.choice(weighty) if weighty and chance.random() < 0.75 else chance.randrange(len(members))
        )
        name, body = members[place]
        for damage in _chosen(chance, ORDERLY if chance.random() < 0.6 else BYTES + OF_FAMILY["xml"]):
            body = damage(chance, body)
        members[place] = (name, body)
    with warnings.catch_warnings(action="ignore"):
        packed = zipped(members)
    return flip(chance, packed) if chance.random() < 0.05 else packed
