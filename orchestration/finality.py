"""A standing edition -> the same figures once more, declared final by the office.

Refused where the office could not stand by them: what was published is no longer what the files say. Keep out: how an
edition is made (`issuing`).
"""

from dataclasses import replace

from exports.figures import read_figures_csv
from orchestration.cautions import has_dossiers
from orchestration.edition_basis import basis_of, gone_from
from orchestration.editions import CSV, assert_is_a_period, batches_of, lost_lake_files, newest_edition
from orchestration.issuing import Issued, issue, issued_as
from orchestration.lake import RESTORE, Lake, LakeProblem
from orchestration.night import Night
from orchestration.progress import Progress, silently
from orchestration.publication import PublicationRefused, standing
from orchestration.showing import show_edition
from orchestration.wording import some_names


def declare_final(night: Night, period_code: str, progress: Progress = silently) -> Issued:
    """Publish the figures of the standing edition once more, as final (chính thức) instead of provisional (tạm tính), with
    the words and the office of today.

    The caller holds the home's lock. Raises PublicationRefused, PublicationDamaged, LakeProblem, NoSuchPeriod,
    TransformFailed.
    """
    assert_is_a_period(period_code)
    newest = newest_edition(night.home, period_code)
    if newest is None:
        raise PublicationRefused(
            f"Kỳ {period_code} chưa công bố; hãy chạy motcua publish {period_code} trước."
        )
    if newest.is_final:
        show_edition(night, period_code, newest.revision)
        return issued_as(standing(newest), read_figures_csv(newest.read(CSV).read_bytes()), (), ())
    if not newest.manifest["is_complete"]:
        raise PublicationRefused(
            f"Bản {newest.name} lấy số liệu khi kỳ chưa kết thúc; hết kỳ, hãy chạy motcua publish {period_code} rồi mới xác "
            "nhận chính thức."
        )
    lake = Lake.open(night.home)
    had = {batch.batch_id for batch in batches_of(newest)}
    if gone := gone_from(newest, lake):
        raise PublicationRefused(
            f"Bản {newest.name} có số liệu của tệp đã rút sau khi công bố ({some_names(gone)}); hãy chạy motcua publish "
            f"{period_code}, xem lại bản sửa đổi rồi mới xác nhận chính thức."
        )
    if not has_dossiers(batches_of(newest)):
        raise PublicationRefused(
            f"Bản {newest.name} không có tệp hồ sơ nào, nên chưa thể là số liệu chính thức; hãy thả tệp vào inbox/, chạy "
            f"motcua nightly rồi motcua publish {period_code}."
        )
    if lost := lost_lake_files(night.home, newest):
        raise LakeProblem(f"Tệp lake/{lost[0]} bị thiếu hoặc đã bị sửa ({len(lost)} tệp); {RESTORE}")
    late = [
        batch for batch in lake.batches if batch.exported_at <= newest.as_of and batch.batch_id not in had
    ]
    basis, _ = basis_of(night.home, newest, night.reference)
    issued = issue(night, basis, period_code, newest.as_of, progress, declared=newest)
    if not late:
        return issued
    told = (
        f"Số liệu chính thức chưa tính tệp đến sau khi công bố bản {newest.name} ({some_names(late)}); muốn tính cả, hãy chạy "
        f"motcua publish {period_code}."
    )
    return replace(issued, problems=(*issued.problems, told))
