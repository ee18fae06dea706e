"""Why a whole file is not read: a reason code for machines, a sentence for the clerk.

The sentence says what was found and what to do next, in Vietnamese. It must never contain the value of a
cell; whoever raises `Refused` because a library failed does so `from None`, since the library's own message
may quote the data. A disk that is full or broken is no reason to refuse a file: see `machine_problem`.
"""

import errno
import re

_MACHINE = frozenset(
    {
        errno.EACCES,
        errno.EDQUOT,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.ENOSPC,
        errno.EPERM,
        errno.EROFS,
        errno.ESTALE,
        errno.ETIMEDOUT,
    }
)
# How libraries written in Rust tell the number of an error of the system.
_OS_ERROR = re.compile(r"\(os error (\d{1,3})\)")


class Refused(Exception):
    """The file cannot be taken in; `sentence` is Vietnamese and free of cell values."""

    def __init__(self, reason_code: str, sentence: str) -> None:
        super().__init__(reason_code, sentence)
        self.reason_code = reason_code
        self.sentence = sentence


def machine_problem(error: BaseException) -> int | None:
    """The number of the system's error where the machine and not the file is to blame, else None."""
    number = error.errno if isinstance(error, OSError) else None
    if number is None and (told := _OS_ERROR.search(str(error))):
        number = int(told[1])
    return number if number in _MACHINE else None


def empty_file() -> Refused:
    return Refused(
        "empty_file", "Tệp trống, không có dòng dữ liệu nào. Hãy xuất lại từ hệ thống rồi bỏ tệp mới vào."
    )


def no_data() -> Refused:
    return Refused(
        "no_data",
        "Tệp có dòng tiêu đề, nhưng không dòng nào bên dưới là dòng dữ liệu (không thấy mã, ngày hay đơn vị). "
        "Hãy kiểm tra xem các cột có nằm đúng dưới tiêu đề không, rồi xuất lại và bỏ tệp vào lần nữa.",
    )


def protected() -> Refused:
    return Refused(
        "protected",
        "Tệp được đặt mật khẩu nên không mở được. "
        "Hãy mở bằng Excel, bỏ mật khẩu, lưu lại rồi bỏ tệp vào lần nữa.",
    )


def unreadable(what: str = "Tệp bị hỏng hoặc bị cắt cụt.") -> Refused:
    return Refused("unreadable", f"{what} Hãy xuất lại từ hệ thống rồi bỏ tệp mới vào.")


def too_large(what: str) -> Refused:
    return Refused(
        "too_large",
        f"{what} Hãy xuất lại thành nhiều tệp nhỏ hơn, "
        "hoặc chép riêng phần bảng sang một tệp mới rồi lưu lại.",
    )


def unknown_kind(
    what: str = "",
    to_do: str = "Hãy xuất danh sách từ hệ thống ở dạng Excel, CSV hoặc JSON rồi bỏ tệp ấy vào.",
) -> Refused:
    """`what` it is, where that is known; then `to_do` is what comes next."""
    if what:
        return Refused("unknown_kind", f"{what} {to_do}")
    return Refused(
        "unknown_kind",
        "Không nhận ra đây là loại tệp nào: không thấy dòng tiêu đề của danh sách hồ sơ, phiếu khảo sát, "
        "PAKN, danh mục thủ tục, văn bản hay nguyên nhân trễ hạn. Hãy kiểm tra lại tệp đã xuất; "
        "nếu tiêu đề được đặt tên khác, hãy thêm tên ấy vào reference/aliases.csv rồi bỏ tệp vào lần nữa.",
    )


def missing_column(
    kind_title: str, missing: list[str], close_headers: list[str], sheet_name: str | None
) -> Refused:
    """`missing` and `close_headers` are header texts; the caller made sure that none could be a person's."""
    where = f" ở trang “{sheet_name}”" if sheet_name else ""
    wanted = ", ".join(f"“{header}”" for header in missing)
    found = ", ".join(f"“{header}”" for header in close_headers)
    nearest = f" Tiêu đề gần giống nhất tìm thấy: {found}." if found else " Không thấy tiêu đề nào gần giống."
    return Refused(
        "missing_column",
        f"Tệp giống {kind_title} nhưng thiếu cột {wanted}{where}.{nearest} Hãy xuất lại có đủ cột; "
        "nếu cột chỉ được đặt tên khác, hãy thêm tên ấy vào reference/aliases.csv rồi bỏ tệp vào lần nữa.",
    )
