"""A header, a text or a moment -> one of the ways in which portals write it; all of them mean the same.

Persons are made up. Keep out: where on a sheet it stands (`layouts`).
"""

import datetime as dt
import random
import unicodedata
from collections.abc import Callable

SURNAMES = ["Điểu", "Nguyễn", "Thị", "Lâm", "Võ"]
GIVEN = ["Kim Oanh", "Văn Tám", "Thanh Yến", "Ngọc Sơn", "Hữu Bình"]


def person(chance: random.Random, header: str) -> str:
    if header in ("Số CCCD/CMND", "Số điện thoại"):
        return f"0{chance.randrange(10**9, 10**10)}"
    name = f"{chance.choice(SURNAMES)} {chance.choice(GIVEN)}"
    return f"Ấp {chance.randrange(1, 12)}, xã Minh Tâm" if header == "Địa chỉ" else name


def disordered(chance: random.Random, header: str) -> str:
    """A header in another case, spacing and Unicode form."""
    header = chance.choice([str, str.upper, str.lower, str.title])(header)
    header = chance.choice([header, header.replace(" ", "  "), f" {header} ", header.replace(" ", "\u00a0")])
    return unicodedata.normalize(chance.choice(["NFC", "NFD"]), header)


def untidy(chance: random.Random, text: str) -> str:
    """A text that means the same."""
    mess = chance.randrange(8)
    if mess == 0:
        return unicodedata.normalize("NFD", text)
    if mess == 1:
        return text.replace(" ", "\u00a0")
    if mess == 2:
        return f"\u200b{text} "
    return text


def day_first(moment: dt.datetime | dt.date) -> str:
    return moment.strftime("%d/%m/%Y %H:%M:%S" if isinstance(moment, dt.datetime) else "%d/%m/%Y")


def year_first(moment: dt.datetime | dt.date) -> str:
    return moment.isoformat(sep=" ") if isinstance(moment, dt.datetime) else day_first(moment)


def with_t(moment: dt.datetime | dt.date) -> str:
    return moment.isoformat(timespec="milliseconds") if isinstance(moment, dt.datetime) else day_first(moment)


def in_utc(moment: dt.datetime | dt.date) -> str:
    if not isinstance(moment, dt.datetime):
        return day_first(moment)
    return (moment - dt.timedelta(hours=7)).isoformat() + "Z"


def with_offset(moment: dt.datetime | dt.date) -> str:
    return f"{moment.isoformat()}+07:00" if isinstance(moment, dt.datetime) else day_first(moment)


def run_together(moment: dt.datetime | dt.date) -> str:
    return moment.strftime("%Y%m%d%H%M%S")


SPELLINGS: list[Callable[[dt.datetime | dt.date], str]] = [
    *(day_first, day_first, year_first, with_t, in_utc, with_offset, run_together)
]


def serial(moment: dt.datetime | dt.date) -> float:
    since = dt.datetime.fromisoformat(str(moment)) - dt.datetime(1899, 12, 30)
    return since.days + since.seconds / 86400
