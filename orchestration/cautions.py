"""A period's figures and the files behind them -> what whoever publishes should know before anyone signs (Vietnamese).

A home of the wrong name, exports that stopped, a period that is still running: the figures are right for what there is, and say
little of the period. Keep out: what is wrong with a file (`suites`), and refusing (`publication`).
"""

from collections.abc import Iterator, Sequence

from exports.release import Release
from exports.wording import day, moment
from orchestration.batches import BatchEntry
from orchestration.freshness import Stopped, Unheard, told_of_stopped, told_of_unheard

DOSSIERS = "dossiers"


def has_dossiers(batches: Sequence[BatchEntry]) -> bool:
    """Whether any of the files lists dossiers."""
    return any(batch.holds(DOSSIERS) for batch in batches)


def cautions(
    release: Release,
    batches: Sequence[BatchEntry],
    stopped: Sequence[Stopped] = (),
    unheard: Sequence[Unheard] = (),
) -> Iterator[str]:
    """Sentences about a period as computed from `batches`; none where its files, and those of every unit, cover it."""
    period = release.period
    newest = max((batch.exported_at for batch in batches if batch.holds(DOSSIERS)), default=None)
    if newest is None:
        yield (
            "Chưa có tệp hồ sơ nào được tính, nên mọi số liệu về hồ sơ là 0. Nếu không phải vậy: kiểm tra thư mục --home, thả "
            "tệp vào inbox/, chạy motcua nightly rồi công bố lại."
        )
    elif not release.count("received_total"):
        yield "Các tệp đã nạp không có hồ sơ nào của kỳ này; kiểm tra đã nạp đủ tệp chưa (motcua status --files)."
    elif newest.date() <= period.counted_to_date:
        yield (
            f"Tệp hồ sơ mới nhất xuất lúc {moment(newest)}, trước khi hết ngày {day(period.counted_to_date)}: những gì giải "
            "quyết sau đó chưa được tính, hồ sơ có thể hiện là trễ hạn. Nạp tệp mới hơn rồi công bố lại."
        )
    elif stopped:
        yield told_of_stopped(stopped)
    yield from map(told_of_unheard, unheard)
    if not period.is_complete:
        yield f"Kỳ chưa kết thúc: số liệu tạm tính đến hết ngày {day(period.counted_to_date)}."
