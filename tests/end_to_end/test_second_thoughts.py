"""A wrong file, a doubted publication, a burnt machine: taken out, checked, made again, through the real command line."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration import checkup_house
from orchestration.home import open_home
from orchestration.intake import take_in
from orchestration.moments import now_local
from orchestration.night import reference_of
from tests.end_to_end.office import FIRST, SAMPLE, Figures, Office, Said, figures_in, figures_of

pytestmark = pytest.mark.slow
WRONG = "ho-so_25330_20230915T063000.csv"
PERIOD = "2023-Q3"
BACKED_UP = ("reference", "texts", "lake", "publications")


@dataclass
class Story:
    """An office that loaded a file by mistake, published, took it out, and published again."""

    office: Office
    withdrawn: Said
    night: Said
    revised: Said
    verified: Said
    never_came: Figures


@pytest.fixture(scope="module")
def story(new_office: Callable[..., Office]) -> Story:
    exports = sorted((SAMPLE / "inbox").iterdir())
    spared = new_office("spared")
    spared.drop(*(file for file in exports if file.name != WRONG))
    home = open_home(spared.home)
    take_in(home, reference_of(home), settle_seconds=0)
    never_came = figures_in(spared.run("figures", PERIOD, "--as-of", FIRST).done().out)

    office = new_office("mistaken")
    office.drop(*exports)
    office.nightly(FIRST).done()
    office.publish(PERIOD, FIRST).done()
    withdrawn = office.run("withdraw", WRONG, "--reason", "nhầm tệp của quý trước")
    office.drop(SAMPLE / "inbox" / WRONG)
    night = office.nightly(FIRST)
    revised = office.publish(PERIOD, FIRST)
    verified = office.run("verify", PERIOD)
    return Story(office, withdrawn, night, revised, verified, never_came)


def test_the_clerk_is_told_which_publication_to_make_again(story: Story):
    story.withdrawn.done()
    assert f"Đã rút {WRONG} (215 dòng" in story.withdrawn.text
    assert "motcua publish 2023-Q3" in story.withdrawn.text


def test_the_revision_holds_the_figures_of_an_office_that_the_file_never_came_to(story: Story):
    story.revised.done()
    assert figures_of(story.office.edition(PERIOD, 1) / "figures.csv") == story.never_came
    assert figures_of(story.office.edition(PERIOD, 0) / "figures.csv") != story.never_came


def test_the_nightly_figures_are_those_of_an_office_that_the_file_never_came_to(story: Story):
    rows = story.office.rows(
        "select period_code, level_code, unit_code, field_code, measure_code, value from figures.observations "
        "where period_code = ?",
        [PERIOD],
    )
    assert {tuple(row[:5]): row[5] for row in rows} == story.never_came


def test_the_file_dropped_again_is_refused_and_the_list_of_files_says_why(story: Story):
    story.night.done(3)
    assert f"{WRONG}: Tệp này đã được rút" in story.night.text
    listed = story.office.rows(
        "select file_outcome, reason_text from figures.quality_by_file where file_name = ?", [WRONG]
    )
    assert len(listed) == 1
    assert "nhầm tệp của quý trước" in listed[0][1]


def test_both_revisions_are_still_what_they_were(story: Story):
    story.verified.done()
    assert "Bản 2023-Q3 r0 vẫn đúng như lúc công bố" in story.verified.text
    assert "Bản 2023-Q3 r1 vẫn đúng như lúc công bố" in story.verified.text
    assert f"Tệp {WRONG} đã được rút" in story.verified.text


@pytest.fixture(scope="module")
def restored(story: Story, new_office: Callable[..., Office]) -> tuple[Office, Said]:
    """What was backed up, in an empty home."""
    office = new_office("máy mới")
    for name in BACKED_UP:
        shutil.copytree(story.office.home / name, office.home / name, dirs_exist_ok=True)
    return office, office.run("rebuild", "--as-of", FIRST)


def test_everything_comes_back_from_the_backup_alone(story: Story, restored: tuple[Office, Said]):
    office, said = restored
    said.done()
    everything = "select * from figures.{} order by all"
    for table in (
        "observations",
        "published_observations",
        "quality_by_file",
        "late_dossiers",
        "quality_issues",
    ):
        assert office.rows(everything.format(table)) == story.office.rows(everything.format(table)), table
    versions = "select * exclude (loaded_at) from core.fct_dossier_versions order by all"
    assert office.rows(versions.replace(" exclude (loaded_at)", "")) == story.office.rows(
        versions.replace(" exclude (loaded_at)", "")
    )
    assert (office.home / "published" / "kiem-tra-tep.html").read_bytes() == (
        story.office.home / "published" / "kiem-tra-tep.html"
    ).read_bytes()
    assert "2023-Q3 r1" in said.text


def test_a_rebuilt_home_is_sound(restored: tuple[Office, Said]):
    office, _ = restored
    examined = office.run("doctor")
    assert "0 chỗ hỏng" in examined.text, examined.out
    assert examined.code in (0, 3)


def test_nights_publications_and_a_rebuilding_leave_nothing_behind(
    story: Story, restored: tuple[Office, Said]
):
    for office in (story.office, restored[0]):
        (diagnosis,) = checkup_house.leftovers(open_home(office.home), now_local())
        assert diagnosis.severity == "fine", diagnosis.sentence


def test_a_publication_that_somebody_edited_is_said_file_by_file(restored: tuple[Office, Said]):
    office, _ = restored
    figures = office.edition(PERIOD, 1) / "figures.csv"
    before = figures.read_bytes()
    figures.write_bytes(before.replace(b",_T,received_total,", b",_T,received_total,1", 1))
    (office.edition(PERIOD, 1) / "thêm.txt").write_text("x")
    verified = office.run("verify", PERIOD, "--revision", "1")
    verified.done(1)
    assert "✗ figures.csv: đã bị sửa" in verified.text
    assert "✓ figures.parquet" in verified.text
    assert "✗ thêm.txt: không thuộc bản công bố" in verified.text
    examined = office.run("doctor").done(1)
    assert "2023-Q3/r1 đã bị sửa hoặc thiếu tệp figures.csv" in examined.text
    refused = office.run("rebuild").done(1)
    assert "publications/ từ bản sao lưu" in refused.text
    figures.write_bytes(before)
    (office.edition(PERIOD, 1) / "thêm.txt").unlink()


def test_a_manifest_that_tells_of_other_batches_is_found_out(restored: tuple[Office, Said]):
    """Whoever edits figures and their hash alike is found out by the figures computed once more."""
    import hashlib

    office, _ = restored
    folder = office.edition(PERIOD, 1)
    kept = {name: (folder / name).read_bytes() for name in ("figures.csv", "manifest.json")}
    forged = kept["figures.csv"].replace(b",received_total,", b",received_total,1")
    (folder / "figures.csv").write_bytes(forged)
    manifest = json.loads(kept["manifest.json"])
    manifest["outputs"]["figures.csv"]["sha256"] = hashlib.sha256(forged).hexdigest()
    (folder / "manifest.json").write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    verified = office.run("verify", PERIOD, "--revision", "1").done(1)
    assert "✗ figures.csv: tệp như lúc công bố, nhưng tính lại ra" in verified.text
    for name, content in kept.items():
        (folder / name).write_bytes(content)


def test_a_rebuild_needs_something_to_start_from(new_office: Callable[..., Office]):
    office = new_office("empty")
    said = office.run("rebuild").done(1)
    assert "chép reference/, texts/, lake/ và publications/" in said.text


def test_a_period_that_was_never_published_cannot_be_verified(restored: tuple[Office, Said]):
    office, _ = restored
    assert "chưa công bố" in office.run("verify", "2024-Q1").done(1).text
    office.run("verify", "quý ba").done(2)


def test_the_reference_data_of_a_publication_outlives_what_the_office_changes(
    restored: tuple[Office, Said], tmp_path: Path
):
    """Another cause of lateness would move late causes; the publication is computed with its own."""
    office, _ = restored
    office.lay(
        "late_causes.csv", "cause_code,cause_label,patterns\nmoi,Nguyên nhân mới,hồ sơ|do|chậm|vướng\n"
    )
    now = office.run("figures", PERIOD, "--as-of", FIRST).done()
    assert figures_in(now.out) != figures_of(office.edition(PERIOD, 1) / "figures.csv")
    office.run("verify", PERIOD, "--revision", "1").done()
