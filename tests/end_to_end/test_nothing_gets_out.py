"""Nights on hostile exports, cut off from the network, with something failing inside: what is told, what is left behind, and
what was tried.

Everything that the nights may write to is watched: the home, the folder for temporary files, the user's own folder, the
folder in which the commands run.
"""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.end_to_end import messy_exports as messy
from tests.end_to_end.leaks import leaks_in
from tests.end_to_end.office import OWNER_ONLY, ROOT, Office, Said, without_network
from tests.ingest import written_exports as written

pytestmark = pytest.mark.slow
WATCHED = Path(__file__).with_name("watched")
QUOTED = messy.NAMES[0]
STAMP = messy.STAMP

# What would do something if a shell, SQL, a template, a terminal, a page, a spreadsheet or a path took it for its own.
SHELL = "$(touch pwned)"
TICKS = "`touch pwned`"
SQL = "'; drop table core.fct_dossiers; --"
TEMPLATE = "{{ 7*7 }}"
BLOCK = "{% raise %}"
CLIMBING = "../../pwned"
FORMAT = "%s%n{0}"
MARKUP = "[bold]x[/bold]"
PAGE = "<script>alert(1)</script>"
FORMULA = "=1+1"
HOSTILE = (SHELL, TICKS, SQL, TEMPLATE, BLOCK, CLIMBING, FORMAT, MARKUP, PAGE, FORMULA)
# A name may hold anything but a slash; one that begins with a dot is hidden, and not looked at.
FILE_NAMES = [f"{text.replace('/', '|').replace('..', 'x..', 1)}_{STAMP}.csv" for text in HOSTILE]


def write_hostile(folder: Path) -> list[Path]:
    """A file under each hostile name, each with good rows, late ones, and every hostile text in every place."""
    files = []
    for number, name in enumerate(FILE_NAMES):
        text = HOSTILE[number]
        rows = [
            messy.dossier(f"hiểm{number}", 1, Tên_thủ_tục_hành_chính=text, Lĩnh_vực=text),
            messy.dossier(
                f"hiểm{number}", 2, Mã_TTHC=f"1.00{number}", Ngày_kết_thúc_xử_lý="11/07/2023 16:00:00"
            ),
            messy.dossier(f"hiểm{number}", 3)
            | {"Mã hồ sơ": f"{text}-230701-0001", "Ngày kết thúc xử lý": "12/07/2023"},
            *(messy.dossier(f"hiểm{number}", 10 + n, Đơn_vị_giải_quyết=text) for n in range(3)),
            *(messy.dossier(f"hiểm{number}", 20 + n, Trạng_thái=text) for n in range(3)),
        ]
        lines = written.table(rows)
        lines[0].append(text)
        for line in lines[1:]:
            line.append(text)
        files.append(folder / name)
        quoted = [";".join('"' + str(cell).replace('"', '""') + '"' for cell in line) for line in lines]
        files[-1].write_bytes("\r\n".join(quoted).encode("utf-8-sig"))
    sheet = [["Thời điểm xuất: " + written.EXPORTED], [], *written.table([messy.dossier("trang", 1)])]
    files.append(written.write_xlsx(folder / f"trang_{STAMP}.xlsx", {"{{7-7}}$(touch pwned)'--<b>": sheet}))
    return files


@dataclass
class House:
    """An office whose surroundings are watched, and what its commands answered."""

    office: Office
    tries: Path
    around: tuple[Path, ...]
    said: dict[str, Said] = field(default_factory=dict)

    def run(self, name: str, *arguments: str, faults: str = "") -> None:
        self.office.environment = {**self.office.environment, "WATCHED_FAULTS": faults}
        self.said[name] = self.office.run(*arguments)


@pytest.fixture(scope="module")
def house(new_office: Callable[..., Office], tmp_path_factory: pytest.TempPathFactory) -> House:
    surroundings = tmp_path_factory.mktemp("around")
    folders = {name: surroundings / name for name in ("tmp", "user", "here")}
    for folder in folders.values():
        folder.mkdir()
    tries = surroundings / "tries"
    tries.touch()
    environment = {
        "PYTHONPATH": os.pathsep.join([str(WATCHED), str(ROOT)]),
        "WATCHED_TRIES": str(tries),
        "WATCHED_TEXT": QUOTED,
        "TMPDIR": str(folders["tmp"]),
        "HOME": str(folders["user"]),
        "XDG_CACHE_HOME": str(folders["user"] / "cache"),
    }
    office = new_office("nhà", environment=environment, under=without_network(), root=folders["here"])
    house = House(office, tries, tuple(folders.values()))

    dropped = tmp_path_factory.mktemp("dropped")
    office.drop(*messy.write_bad_rows(dropped).values(), *messy.write_broken(dropped).values())
    office.drop(*messy.write_personal(dropped), *write_hostile(dropped))
    for name in ("doc-loi", "doc-chet"):
        office.drop(written.csv(dropped / f"{name}_{STAMP}.csv", [messy.dossier(name, 1)]))
    for file in office.inbox.iterdir():
        file.chmod(0o666)
    house.run("night", "nightly", "--as-of", "2023-09-15T07:00", faults="reader,judge")
    house.run("status", "status")
    house.run("late", "late", "2023-Q3")
    house.run("publish", "publish", "2023-Q3", "--as-of", "2023-09-15T07:00")
    # The rest of the mess comes with nights on which something fails.
    office.drop(*messy.write_what_reference_lacks(dropped))
    house.run("dbt", "nightly", "--as-of", "2023-09-16T07:00", faults="dbt")
    house.run("step", "nightly", "--as-of", "2023-09-17T07:00", faults="step")
    return house


def test_the_night_goes_on_without_a_network_and_beside_what_fails_in_it(house: House):
    house.said["night"].done(3)
    for name in ("status", "late", "publish"):
        house.said[name].done()
    assert "doc-chet" in house.said["night"].text
    assert "doc-loi" in house.said["night"].text


def test_what_fails_is_told_by_name_alone(house: House):
    said = house.said["dbt"].done(1)
    assert "rows_read_are_all_accounted_for" in said.text
    assert "ValueError" in house.said["step"].done(1).text


def test_nothing_was_tried_on_the_network(house: House):
    tries = house.tries.read_text().splitlines()
    assert [line for line in tries if not line.startswith("core limit")] == []


def test_the_watch_sees_whoever_turns_to_the_network(house: House, tmp_path: Path):
    for code in (
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import urllib.request as u; u.urlopen('http://example.com')",
    ):
        tries = tmp_path / "tries"
        environment = (
            os.environ | house.office.environment | {"WATCHED_TRIES": str(tries), "WATCHED_FAULTS": ""}
        )
        assert (
            subprocess.run(
                [sys.executable, "-P", "-c", code], env=environment, capture_output=True
            ).returncode
            == 1
        )
        assert tries.read_text().startswith("socket.")
        tries.unlink()


def test_a_reader_that_dies_leaves_no_memory_behind(house: House):
    limits = [line for line in house.tries.read_text().splitlines() if line.startswith("core limit")]
    assert len(limits) >= 1
    assert all(line.startswith("core limit (0, 0)") for line in limits)


def test_no_text_of_a_person_is_left_anywhere(house: House):
    assert leaks_in(house.office.home, messy.PERSONAL, outside=OWNER_ONLY) == []
    for folder in house.around:
        assert leaks_in(folder, messy.PERSONAL, outside=()) == []


def test_no_text_of_a_person_was_printed(house: House):
    printed = "\n".join(said.out + said.err + said.text for said in house.said.values())
    assert [text for text in messy.PERSONAL if text in printed] == []


def test_nothing_is_left_of_what_a_night_copied_or_computed_aside(house: House):
    assert list((house.office.home / "archive" / ".incoming").iterdir()) == []
    assert [path for folder in house.around for path in folder.iterdir() if path.suffix != ".json"] == []


def test_whatever_mode_it_was_dropped_with_an_original_is_its_owners_alone(house: House):
    loose = {
        str(path): oct(stat.S_IMODE(path.stat().st_mode))
        for root in (house.office.home / "archive", house.office.home / "refused")
        for path in (root, *root.rglob("*"))
        if path.stat().st_mode & 0o077
    }
    assert loose == {}


def test_no_secret_and_no_log_is_readable_by_others(house: House):
    machinery = house.office.home / ".motcua"
    assert stat.S_IMODE(machinery.stat().st_mode) == 0o700
    # Nothing leads into it from elsewhere.
    assert [path for path in house.office.home.rglob("*") if path.is_symlink()] == []


def test_hostile_texts_are_texts(house: House):
    # Of every file three rows are good; of the workbook the one.
    assert house.office.rows("select count(*) from core.fct_dossiers where dossier_code like 'hiểm%'") == [
        (2 * len(HOSTILE),)
    ]
    codes = {row[0] for row in house.office.rows("select dossier_code from core.fct_dossiers")}
    # A code has no spaces.
    assert {f"{text}-230701-0001" for text in HOSTILE if " " not in text} <= codes
    files = {
        row[0]
        for row in house.office.rows(
            "select file_name from figures.quality_by_file where file_outcome = 'loaded'"
        )
    }
    assert set(FILE_NAMES) <= files
    sheets = {row[0] for row in house.office.rows("select sheet_name from core.fct_dossiers")}
    assert "{{7-7}}$(touch pwned)'--<b>" in sheets


def test_hostile_texts_do_nothing(house: House):
    made = [path for root in (house.office.home, *house.around) for path in root.rglob("*pwned*")]
    assert [path for path in made if not path.name.endswith(f"_{STAMP}.csv")] == []
    assert house.office.rows("select count(*) > 0 from core.fct_dossiers") == [(True,)]


def test_hostile_names_are_shown_as_they_are(house: House):
    # However the terminal broke them.
    shown = "".join((house.said["night"].out + house.said["night"].err).split())
    for name in FILE_NAMES:
        assert "".join(name.split()) in shown, name


def test_the_page_shows_hostile_names_and_runs_none(house: House):
    page = (house.office.home / "published" / "kiem-tra-tep.html").read_text("utf-8")
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "{{ 7*7 }}" in page


def test_a_spreadsheet_takes_nothing_of_the_late_list_for_a_formula(house: House):
    lines = house.said["late"].out.splitlines()
    assert f"'{FORMULA}-230701-0001" in house.said["late"].out
    assert [line for line in lines if line.startswith(("=", "+", "-", "@"))] == []
