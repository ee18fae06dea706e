"""A publication -> whether it still is what it was, for the screen: its files against its manifest, its figures once more.

Computed from its own list of batches, settings and reference data, as of its own moment, with the code of today; changes
nothing. Keep out: how figures are computed (`editing`) and written (`publication`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from rich.console import Console
from rich.markup import escape

from exports.changes import differences, read_changes_csv
from exports.documents import CHANGES, documents_of
from exports.figures import read_figures_csv
from exports.manifest import manifest_bytes
from exports.wording import whole
from ingest.reference import Reference
from orchestration.batches import BatchEntry, digest_of
from orchestration.durable import sha256_of
from orchestration.editing import Computed, compute_period
from orchestration.edition_basis import basis_of, is_documented, office_of, texts_of
from orchestration.editions import (
    CSV,
    MANIFEST,
    Edition,
    PublicationDamaged,
    batches_of,
    editions_of,
    lost_lake_files,
)
from orchestration.home import Home
from orchestration.lake import Lake
from orchestration.progress import Progress, silently
from orchestration.provenance import code_version, versions
from orchestration.publication import outputs_of

FileState = Literal[
    "same", "same_figures", "other_figures", "edited", "missing", "unlisted", "not_computed", "not_compared"
]

FILE_STATES: dict[FileState, str] = {
    "same": "như lúc công bố, tính lại ra đúng như vậy",
    "same_figures": "như lúc công bố; tính lại ra cùng số liệu, chỉ cách ghi tệp khác",
    "other_figures": "tệp như lúc công bố, nhưng tính lại ra {count} số liệu khác",
    "edited": "đã bị sửa sau khi công bố",
    "missing": "bị mất",
    "unlisted": "không thuộc bản công bố (có người thêm vào)",
    "not_computed": "như lúc công bố, nhưng không tính lại được để đối chiếu",
    "not_compared": "như lúc công bố; chưa đối chiếu được vì bản trước đã bị sửa hoặc thiếu",
}

FINE = ("same", "same_figures", "not_compared")


@dataclass(frozen=True)
class Verdict:
    """What was found about one revision: a state per file, and what is to be known beside it (Vietnamese).

    `differing_count` figures came out otherwise than published.
    """

    edition: Edition
    files: Mapping[str, FileState]
    differing_count: int
    notes: tuple[str, ...]

    @property
    def still_is_what_it_was(self) -> bool:
        return all(state in FINE for state in self.files.values())


def verify(home: Home, edition: Edition, reference: Reference, progress: Progress = silently) -> Verdict:
    """The verdict on one revision; `reference` is used where the publication has kept none of its own.

    Raises TransformFailed where today's models do not run on it.
    """
    notes = _changed_since(home, edition)
    states = _against_manifest(edition)
    batches = batches_of(edition)
    if lost := lost_lake_files(home, edition):
        notes.append(
            f"Không tính lại được: tệp lake/{lost[0]} bị thiếu hoặc đã bị sửa; hãy khôi phục thư mục lake/ từ bản sao lưu rồi "
            "chạy lại."
        )
        untouched: dict[str, FileState] = {
            name: "not_computed" if state == "same" else state for name, state in states.items()
        }
        return Verdict(edition, untouched, 0, tuple(notes))

    basis, has_own_reference = basis_of(home, edition, reference)
    if not has_own_reference:
        notes.append(
            "Không còn dữ liệu danh mục (đơn vị, lĩnh vực …) của lúc công bố trong lake/reference/; đã tính lại bằng danh mục "
            "hiện nay."
        )
    progress("verify", 0, 1, edition.name)
    computed = compute_period(basis, edition.period_code, edition.as_of, shown=True, progress=progress)
    again = outputs_of(computed.figures)
    if is_documented(edition):
        again |= _documents(edition, computed, again)
    differing_count = 0
    if states.get(CSV) == "same":
        published = read_figures_csv((edition.folder / CSV).read_bytes())
        differing_count = len(differences(published, computed.figures))
    for name, state in states.items():
        if state != "same":
            continue
        if name == CHANGES:
            states[name] = _of_changes(home, edition)
        elif name not in again:
            states[name] = "not_computed"
        elif (edition.folder / name).read_bytes() != again[name]:
            states[name] = "other_figures" if differing_count else "same_figures"
    states[MANIFEST] = _of_manifest(edition, batches, computed)
    return Verdict(edition, states, differing_count, tuple(notes))


def show_verdict(console: Console, verdict: Verdict) -> None:
    """What was found about a publication, file by file."""
    edition = verdict.edition
    console.print(
        f"[bold]Bản công bố {edition.name}[/], số liệu đến {edition.as_of:%H:%M %d/%m/%Y}, từ "
        f"{len(edition.manifest['batches'])} tệp:"
    )
    for file_name, state in verdict.files.items():
        mark = "[green]✓[/]" if state in FINE else "[bold red]✗[/]"
        told = FILE_STATES[state].format(count=whole(verdict.differing_count))
        console.print(f"  {mark} {escape(file_name)}: {told}", soft_wrap=True)
    for note in verdict.notes:
        console.print(f"  Lưu ý: {note}", markup=False, soft_wrap=True)
    if verdict.still_is_what_it_was:
        console.print(f"Bản {edition.name} vẫn đúng như lúc công bố.")
    else:
        console.print(
            f"[bold red]Bản {edition.name} không còn như lúc công bố.[/] Tệp bị sửa hay thiếu: khôi phục publications/ và "
            "lake/ từ bản sao lưu. Số liệu tính lại khác: công bố bản sửa đổi bằng motcua publish.",
            soft_wrap=True,
        )


def _documents(edition: Edition, computed: Computed, figures: Mapping[str, bytes]) -> dict[str, bytes]:
    """Its documents as they would be written today, but for what only it can tell: its texts, and why figures had changed."""
    assert computed.release is not None
    try:
        texts = texts_of(edition)
        changes = read_changes_csv(edition.read(CHANGES).read_bytes()) if edition.revision else ()
    except (PublicationDamaged, ValueError):
        return {}
    release = replace(
        computed.release,
        office=office_of(edition),
        revision=edition.revision,
        is_final=edition.is_final,
        code_version=edition.manifest["code_version"],
        changes=changes,
        texts=texts,
    )
    return documents_of(release, figures)


def _of_changes(home: Home, edition: Edition) -> FileState:
    """A list of changes must be what lies between the edition before and this one; why, only it can tell."""
    try:
        before, after = (
            read_figures_csv(one.read(CSV).read_bytes())
            for one in editions_of(home, edition.period_code)
            if one.revision in (edition.revision - 1, edition.revision)
        )
        listed = read_changes_csv(edition.read(CHANGES).read_bytes())
    except (PublicationDamaged, ValueError):
        return "not_compared"
    return (
        "same" if [replace(change, cause="") for change in listed] == differences(before, after) else "edited"
    )


def _against_manifest(edition: Edition) -> dict[str, FileState]:
    """Each file against the hash in the manifest, and files that the manifest does not know."""
    states: dict[str, FileState] = {}
    for name, told in edition.manifest["outputs"].items():
        path = edition.folder / name
        if not path.is_file():
            states[name] = "missing"
        else:
            states[name] = "same" if sha256_of(path) == told["sha256"] else "edited"
    for path in sorted(edition.folder.iterdir()):
        if path.name != MANIFEST and path.name not in states:
            states[path.name] = "unlisted"
    return states


def _of_manifest(edition: Edition, batches: list[BatchEntry], computed: Computed) -> FileState:
    """A manifest has no hash of its own: it must be written as one is, and say what follows from the rest of it."""
    told = edition.manifest
    is_right = (
        (edition.folder / MANIFEST).read_bytes() == manifest_bytes(told)
        and told["lake_digest"] == digest_of(batches)
        and told["revision"] == edition.revision
        and told["period_code"] == edition.period_code
        and told["is_complete"] == computed.is_complete
    )
    return "same" if is_right else "edited"


def _changed_since(home: Home, edition: Edition) -> list[str]:
    """What is no longer as it was when the figures were computed, and may be why they come out otherwise."""
    notes = []
    if edition.manifest["code_version"] != code_version():
        notes.append(
            "Phần mềm đã thay đổi từ lúc công bố: số liệu được tính lại bằng phiên bản hiện nay và so từng số liệu."
        )
    else:
        now = versions()
        others = [
            f"{name} {was} → {now.get(name, '—')}"
            for name, was in edition.manifest["versions"].items()
            if now.get(name) != was
        ]
        if others:
            notes.append(f"Thư viện khác lúc công bố: {', '.join(others)}.")
    published = {record["sha256"] for record in edition.manifest["batches"]}
    return notes + [
        f"Tệp {withdrawal.batch.file_name} đã được rút ngày {withdrawal.withdrawn_at:%d/%m/%Y} "
        f"(lý do: {withdrawal.reason}); bản này công bố trước khi rút."
        for withdrawal in Lake.open(home).withdrawn
        if withdrawal.batch.sha256 in published
    ]
