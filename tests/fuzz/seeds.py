"""The exports from which fuzzing starts: the sample quarter's, and small ones in every layout and encoding.

The same in every run, byte for byte: an input is known by its number.
"""

import io
import re
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests.ingest import legacy_encoders as old
from tests.ingest import written_exports as written

SAMPLE = Path(__file__).parents[2] / "orchestration" / "sample" / "2023-Q3" / "inbox"
_FIXED = (2023, 9, 15, 6, 30, 0)
_MOMENT_WRITTEN = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True)
class Seed:
    """A whole export: what it is called in the tally, its family (`xlsx`, `csv`, `html`, `json`) and bytes."""

    kind: str
    family: str
    content: bytes


def seeds() -> list[Seed]:
    found = [
        Seed(f"sample {family}", family, content)
        for path in sorted(SAMPLE.iterdir())
        if (content := path.read_bytes()) and (family := family_of(content))
    ]
    rows = [
        *written.dossiers(),
        written.dossier(5, Trạng_thái="Lạ lắm"),
        written.dossier(
            6, Ngày_tiếp_nhận="01/07/1989 08:00:00", Tên_thủ_tục_hành_chính='Cấp "bản sao"; trích lục'
        ),
    ]
    with tempfile.TemporaryDirectory() as made:
        for layout, write in written.LAYOUTS.items():
            content = write(Path(made, layout), rows).read_bytes()
            found.append(Seed(layout, family_of(content), content))
        text = written.csv(Path(made, "text"), rows, encoding="utf-8").read_text(encoding="utf-8")
    for name, content in {
        "csv TCVN3": old.tcvn3(text).encode("latin-1"),
        "csv VNI": old.vni(text).encode("latin-1"),
        "csv Windows-1258": old.cp1258(text),
        "csv UTF-16": text.encode("utf-16"),
        "csv UTF-8 twice": old.doubled(text).encode(),
    }.items():
        found.append(Seed(name, "csv", content))
    return [Seed(seed.kind, seed.family, _undated(seed)) for seed in found]


def family_of(content: bytes) -> str:
    if content.startswith(b"PK"):
        return "xlsx"
    return {b"<": "html", b"{": "json"}.get(content.lstrip()[:1], "csv")


def unzipped(content: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def zipped(members: list[tuple[str, bytes]]) -> bytes:
    """A zip whose bytes depend on the members alone."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, _FIXED), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _undated(seed: Seed) -> bytes:
    if seed.family != "xlsx":
        return seed.content
    return zipped(
        [
            (name, _MOMENT_WRITTEN.sub(b"2023-09-15T06:30:00Z", content) if "docProps" in name else content)
            for name, content in unzipped(seed.content)
        ]
    )
