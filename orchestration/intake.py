"""One night's inbox -> one commit of the lake, and a report on every file.

Read (in children), judge, commit, put away, tell, in this order. The commit is the moment that counts: a night that dies
before it leaves every export in the inbox as if it had never run, and one that dies after it is finished by the next, from
what it had noted (`unfinished`). Keep out: how any of these is done.
"""

import contextlib
import dataclasses
import datetime as dt
import secrets
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ingest.reference import Reference
from orchestration import unfinished
from orchestration.batches import BatchEntry, Finding, StagedBatch, batch_id_of
from orchestration.durable import flush_folder
from orchestration.editions import PublicationDamaged, needed_lake_files
from orchestration.home import Home
from orchestration.inbox import (
    STILL_COPIED,
    Dropped,
    Inbox,
    Oddity,
    Taken,
    is_unchanged,
    look_again,
    settled,
    take,
)
from orchestration.lake import Lake, LakeMoved
from orchestration.limits import MB
from orchestration.moments import clock_to_keep, now_local
from orchestration.parsing import WORKERS, Answer, Reader, Request
from orchestration.putting_away import archive, can_be_refused, is_reason_note, refuse, refuse_oddity
from orchestration.readings import (
    Reading,
    best_batch,
    checked,
    may_read_differently,
    request_for,
    staged_from,
)
from orchestration.rejudging import judge_quarantine_again
from orchestration.reports import (
    Decision,
    Intake,
    arrival_of,
    arrival_of_oddity,
    reasons_of,
    report_of,
    report_of_oddity,
)

SHIPPED_SEEDS = Path(__file__).parents[1] / "dbt_project" / "seeds"
ALREADY_LOADED = "Cùng nội dung với tệp đã nạp: {name}; không nạp lại."
WITHDRAWN = (
    "Tệp này đã được rút khỏi số liệu ngày {day:%d/%m/%Y} (lý do: {reason}) nên không nạp lại. "
    'Nếu rút nhầm, hãy chạy: motcua withdraw --undo "{name}" --reason "…"'
)

Judge = Callable[[list[StagedBatch], list[BatchEntry]], list[Finding]]
Prepare = Callable[[Reading], None]
Progress = Callable[[int, int, str], None]
Groups = dict[str, list[Taken]]


def take_in(
    home: Home,
    reference: Reference,
    *,
    judge: Judge | None = None,
    prepare: Prepare | None = None,
    progress: Progress | None = None,
    reader: Reader | None = None,
    keep: Callable[[Intake], None] | None = None,
    arrived_at: dt.datetime | None = None,
    settle_seconds: float = 1.0,
) -> Intake:
    """Take in what lies in the inbox; the caller holds the night's lock.

    `judge(staged, earlier)` looks at the new batches before they are committed; a critical finding refuses
    the file. `prepare(reading)` is called for each new file that was read, while others are: for what judges can see before.
    `progress(done, total, file_name)` is called as files are read. `keep(intake)` keeps what is to be
    told: until it has returned, the next night would tell it again. `arrived_at` (default: now) goes into the
    ledger. Where another home commits to the same lake meanwhile, everything is decided once more. Raises Problem (a
    damaged lake), ReadingUnavailable, and OSError, after which the night can simply be run again.
    """
    reader = reader or Reader(SHIPPED_SEEDS, home.reference)
    lake = Lake.open(home)
    with contextlib.suppress(PublicationDamaged):
        # A publication that cannot say what it needs: then nothing is thrown away.
        lake.sweep(needed_lake_files(home))
    finished = unfinished.finish(home, lake)
    incoming = _emptied(home.incoming)
    # A name of its own: a reader that outlived a killed night may still write where that night told it to.
    work = _emptied(home.work / f"intake-{secrets.token_hex(4)}")

    inbox = look_again(home.inbox, largest_bytes=reader.limits.file_mb * MB)
    oddities = list(inbox.oddities)
    exports = _exports_in(inbox)
    readings: dict[Taken, Reading] = {}
    reading = _Readings(lake, reader, work, readings, len(exports), progress, prepare)
    # A file is read while the next is copied; where reading fails, nothing goes on being copied.
    with contextlib.closing(_taken(exports, incoming, oddities)) as taken:
        copies = reading.of(taken)
    are_settled, may_move = settled(copies, oddities, inbox.looked_at, settle_seconds=settle_seconds)
    movable = [oddity for oddity, may in zip(oddities, may_move, strict=True) if may]
    oddities = [
        dataclasses.replace(oddity, sentence=STILL_COPIED)
        if oddity.is_movable and oddity not in movable
        else oddity
        for oddity in oddities
    ]
    moving = {copy.sha256 for copy, is_settled in zip(copies, are_settled, strict=True) if not is_settled}
    oddities += [Oddity(copy.dropped.path, STILL_COPIED) for copy in copies if copy.sha256 in moving]
    groups = _grouped(copy for copy in copies if copy.sha256 not in moving)

    while True:
        staged: dict[str, StagedBatch] = {}
        for sha256, group in groups.items():
            read = [readings[copy] for copy in group if copy in readings]
            if (batch := best_batch(lake.find(sha256), group, read)) and not lake.find_withdrawn(sha256):
                staged[sha256] = batch
        new = [batch for sha256, batch in staged.items() if not lake.has(sha256)]
        findings = judge(new, list(lake.batches)) if judge and new else []
        refusals = {f.batch_id: f for f in findings if f.severity == "critical" and not f.success}
        for batch in new:
            if batch.entry.batch_id in refusals:
                del staged[batch.entry.sha256]
            else:
                checks = tuple(finding for finding in findings if finding.batch_id == batch.entry.batch_id)
                checked = dataclasses.replace(batch.entry, checks=checks)
                staged[batch.entry.sha256] = dataclasses.replace(batch, entry=checked)
        reasons = {sha256: reasons_of(batch) for sha256, batch in staged.items()}

        # A batch that is read anew tonight is judged anew by that; one that only got another name is not.
        known = [
            staged[entry.sha256] if entry.sha256 in staged else StagedBatch(entry, ())
            for entry in lake.batches
        ]
        judged_again = judge_quarantine_again(
            dataclasses.replace(lake, batches=tuple(batch.entry for batch in known if not batch.added)),
            reference,
            reader,
            {sha256: group[0].copy for sha256, group in groups.items()},
            _emptied(work / f"again-{lake.version}"),
        )
        staged |= {batch.entry.sha256: batch for batch, _ in judged_again}

        decisions = [
            d for sha256, group in groups.items() for d in _decided(group, lake, staged, readings, refusals)
        ]
        moving_odd = [oddity for oddity in movable if can_be_refused(home, oddity)]
        now = clock_to_keep(arrived_at or now_local(), lake.newest_arrival())
        arrivals = [arrival_of(decision, now) for decision in decisions]
        arrivals += [arrival_of_oddity(oddity, now) for oddity in moving_odd]
        reports = [report_of(decision, reasons.get(decision.taken.sha256, {})) for decision in decisions]
        reports += [report_of_oddity(oddity, is_moved=True) for oddity in moving_odd]
        unfinished.note(
            home, lake, arrivals, [*(decision.taken for decision in decisions), *moving_odd], reports
        )
        try:
            lake = lake.commit(list(staged.values()), arrivals)
            break
        except LakeMoved:
            # Another machine was faster: what it brought may be what lies here too.
            lake = Lake.open(home)
            more = _emptied(work / f"more-{lake.version}")
            _Readings(lake, reader, more, readings, len(copies), progress, prepare).of(copies)
    for decision in decisions:
        if decision.outcome == "refused":
            refuse(home, decision.taken, decision.sentence)
        else:
            archive(home, decision.taken)
    for oddity in moving_odd:
        refuse_oddity(home, oddity)
    flush_folder(home.inbox)

    reports += [report_of_oddity(oddity, is_moved=False) for oddity in oddities if oddity not in moving_odd]
    intake = Intake(
        tuple(sorted([*finished, *reports], key=lambda report: report.file_name)),
        tuple(report for _, report in judged_again),
        tuple(findings),
        lake,
    )
    if keep:
        keep(intake)
    unfinished.forget(home)
    _emptied(incoming)
    shutil.rmtree(work, ignore_errors=True)
    return intake


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _exports_in(inbox: Inbox) -> list[Dropped]:
    """What lies in the inbox to be read; our own notes from refused/ are thrown away."""
    exports: list[Dropped] = []
    for dropped in inbox.dropped:
        if not is_reason_note(dropped.path):
            exports.append(dropped)
        elif is_unchanged(dropped):
            dropped.path.unlink()
    return exports


def _taken(
    exports: Sequence[Dropped], incoming: Path, oddities: list[Oddity]
) -> Generator[Taken, None, None]:
    """The copies of `exports` as they are made, in their order; what is none after all goes to `oddities`."""
    # Copying and hashing go on outside of the interpreter.
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="taking")
    try:
        targets = (incoming / str(number) for number in range(len(exports)))
        for taken in pool.map(take, exports, targets):
            if isinstance(taken, Taken):
                yield taken
            else:
                oddities.append(taken)
    finally:
        pool.shutdown(cancel_futures=True)


def _is_new(sha256: str, lake: Lake) -> bool:
    return not lake.has(sha256) and not lake.find_withdrawn(sha256)


def _grouped(copies: Iterator[Taken]) -> Groups:
    groups: Groups = {}
    for copy in copies:
        groups.setdefault(copy.sha256, []).append(copy)
    return groups


@dataclasses.dataclass
class _Readings:
    """Reads copies into `readings` by copy, `total` of them at the most; none that is there already."""

    lake: Lake
    reader: Reader
    work: Path
    readings: dict[Taken, Reading]
    total: int
    progress: Progress | None
    prepare: Prepare | None
    done: int = 0

    def of(self, copies: Iterable[Taken]) -> list[Taken]:
        """Read the first copy of each new content, as they come; then those that their name or time may date differently.

        Returns all copies.
        """
        all_copies: list[Taken] = []
        self._read(self._new(copies, all_copies))
        doubtful: list[Taken] = []
        for sha256, group in _grouped(iter(all_copies)).items():
            known = self.lake.find(sha256)
            if (
                known is None
                and group[0] in self.readings
                and (batch := staged_from(self.readings[group[0]]))
            ):
                known = batch.entry
            doubtful += [
                c for c in group if known and c not in self.readings and may_read_differently(c, known)
            ]
        self._read(doubtful)
        return all_copies

    def _new(self, copies: Iterable[Taken], all_copies: list[Taken]) -> Iterator[Taken]:
        contents: set[str] = set()
        for copy in copies:
            all_copies.append(copy)
            if copy.sha256 in contents:
                continue
            contents.add(copy.sha256)
            if _is_new(copy.sha256, self.lake) and copy not in self.readings:
                yield copy

    def _read(self, wanted: Iterable[Taken]) -> None:
        asked: dict[Path, Taken] = {}

        def requests() -> Iterator[Request]:
            for copy in wanted:
                request = request_for(copy, self.work / str(len(self.readings) + len(asked)))
                request.out.mkdir()
                asked[request.out] = copy
                yield request

        def say(request: Request, answer: Answer) -> None:
            self.done += 1
            if self.progress:
                self.progress(self.done, self.total, request.file_name)
            copy = asked[request.out]
            is_first = all(read.sha256 != copy.sha256 for read in self.readings)
            if self.prepare and is_first and not self.lake.has(copy.sha256):
                self.prepare(Reading(copy, request.out, checked(copy, answer)))

        answers = self.reader.read_all(requests(), say)
        for (out, copy), answer in zip(asked.items(), answers, strict=True):
            self.readings[copy] = Reading(copy, out, checked(copy, answer))


def _decided(
    group: Sequence[Taken],
    lake: Lake,
    staged: dict[str, StagedBatch],
    readings: dict[Taken, Reading],
    refusals: dict[str, Finding],
) -> list[Decision]:
    """One decision per copy of one content: the first by name is loaded, the others are already."""
    sha256 = group[0].sha256
    batch = staged.get(sha256)
    entry = batch.entry if batch else lake.find(sha256)
    if withdrawal := lake.find_withdrawn(sha256):
        sentence = WITHDRAWN.format(
            name=withdrawal.batch.file_name, day=withdrawal.withdrawn_at, reason=withdrawal.reason
        )
        return [Decision(copy, "refused", None, "withdrawn", sentence) for copy in group]
    if entry is None:
        answer = readings[group[0]].answer
        finding = refusals.get(batch_id_of(sha256))
        code, sentence = (
            (finding.reason_code, finding.sentence) if finding else (answer.reason_code, answer.sentence)
        )
        return [Decision(copy, "refused", None, code, sentence) for copy in group]
    first = [] if lake.has(sha256) else [Decision(group[0], "loaded", entry)]
    known_as = ALREADY_LOADED.format(name=entry.file_name)
    return first + [
        Decision(
            copy,
            "already_loaded",
            entry,
            sentence=known_as if copy.dropped.file_name != entry.file_name else "",
        )
        for copy in group[len(first) :]
    ]
