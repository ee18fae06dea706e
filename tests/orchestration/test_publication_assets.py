"""What the UI shows of a publication: its main figures, its files as links, and in red what a file does not hold."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration import issuing
from orchestration.home import open_home
from orchestration.issuing import Issued
from orchestration.launching import tell_of_files
from orchestration.progress import silently
from orchestration.publication import Published
from orchestration.publication_assets import QUARTERS, READ_BACK, bars, publication
from orchestration.resources import Moment, Office

MISSING = "bao-cao.pdf: xa 25330 _T received_total"


def published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *not_held: str
) -> tuple[dg.AssetCheckEvaluation, dict[str, dg.MetadataValue]]:
    """What Dagster keeps of a publication whose files lack what is given."""
    home = open_home(tmp_path / "home")
    folder = home.publications / "2023-Q3" / "r1"
    folder.mkdir(parents=True)
    (folder / "index.html").touch()
    main_figures = [("Tổng số hồ sơ tiếp nhận", 12_243), ("Trễ hạn", 73)]
    issued = Issued(Published(1, folder, True, False, 4), 2059, main_figures, not_held, ("chưa ai viết",))
    monkeypatch.setattr(issuing, "publish_period", lambda *_: issued)
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(QUARTERS.name), ["2023-Q3"])
        result = dg.materialize(
            [publication],
            partition_key="2023-Q3",
            instance=instance,
            resources={
                "office": Office(root=str(home.root)),
                "moment": Moment(as_of="2023-10-05T07:00"),
                "progress": dg.ResourceDefinition.hardcoded_resource(silently),
            },
        )
    (check,) = result.get_asset_check_evaluations()
    assert check.check_name == READ_BACK
    (event,) = result.get_asset_materialization_events()
    return check, dict(event.materialization.metadata)


def test_files_that_hold_the_cube_are_green_and_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    check, told = published(tmp_path, monkeypatch)
    assert check.passed
    page = tmp_path / "home" / "publications" / "2023-Q3" / "r1" / "index.html"
    assert told["index.html"] == dg.MetadataValue.url(page.as_uri())
    assert told["dagster/row_count"].value == 2059
    assert "Tổng số hồ sơ tiếp nhận: 12.243" in str(told["chart"].value)
    assert told["problems"].value == ["chưa ai viết"]


def test_a_figure_that_a_file_does_not_hold_is_red_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    check, told = published(tmp_path, monkeypatch, MISSING)
    assert not check.passed
    assert MISSING in str(check.metadata["figures not held"].value)
    assert told["files not right"].value == [MISSING]


def test_a_terminal_says_it_too_and_the_exit_code_does(capsys: pytest.CaptureFixture[str]):
    assert tell_of_files("r1", [], ["Lời văn …"]) == 0
    assert tell_of_files("r1", [MISSING], []) == 3
    assert f"Tệp vừa ghi không khớp số liệu – {MISSING}" in capsys.readouterr().err


def test_the_largest_figure_has_the_longest_bar():
    tall, half, none = bars([("a", 10), ("b", 5), ("c", 0)]).splitlines()[1:-1]
    assert (tall.count("█"), half.count("█"), none.count("█")) == (30, 15, 0)
