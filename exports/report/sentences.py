"""Counts and names -> pieces of Vietnamese sentences that read right for none, one and many.

Keep out: which figure is asked for (`sections`), and any sum: a total and its parts come from the cube, all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from exports.release import Change, Release
from exports.wording import SHARE_DECIMALS, decimals_apart, percent, whole

KINDS: Mapping[str, str] = {"xa": "xã", "phuong": "phường", "dac_khu": "đặc khu", "thi_tran": "thị trấn"}


def listing(names: Sequence[str]) -> str:
    """ "A", "A, B": commas alone, for names hold "và" themselves; semicolons where a name holds a comma."""
    return ("; " if any("," in name for name in names) else ", ").join(names)


def joined(parts: Sequence[str]) -> str:
    """ "A", "A và B", "A, B và C"."""
    return " và ".join([*([", ".join(parts[:-1])] if parts[1:] else []), *parts[-1:]])


def counted(pairs: Iterable[tuple[str, int]]) -> str:
    """ "Hộ tịch (6), Đất đai (38)"."""
    return listing([f"{name} ({whole(count)})" for name, count in pairs])


def broken_down(total: int, noun: str, parts: Iterable[tuple[int, str]]) -> str:
    """ "9 hồ sơ, trong đó có 4 hồ sơ trực tuyến và 5 hồ sơ trực tiếp"; parts without anything are left out."""
    whole_text = f"{whole(total)} {noun}"
    occurring = [(count, kind) for count, kind in parts if count]
    if [count for count, _ in occurring] == [total]:
        return f"{whole_text}, {'tất cả ' if total > 1 else ''}là {noun} {occurring[0][1]}"
    if not occurring:
        return whole_text
    return (
        f"{whole_text}, trong đó có {joined([f'{whole(count)} {noun} {kind}' for count, kind in occurring])}"
    )


def share(rate: float | None, decimals: int = SHARE_DECIMALS) -> str:
    """`percent`, but a whole percentage without decimals: 100%, 20%. 0.99999 is 100,00%, for it is not all."""
    if rate is not None and (hundredfold := Decimal(repr(rate)) * 100) == hundredfold.to_integral_value():
        return f"{int(hundredfold)}%"
    return percent(rate, decimals)


def before_and_now(release: Release, change: Change) -> tuple[str, str]:
    """Both values as their measure is written: a rate as a percentage of which one sees that it moved, else whole numbers."""
    rates = set(release.measures.filter(unit="ratio")["measure_code"])
    if change.measure_code not in rates:
        return whole(change.old), whole(change.new)
    decimals = decimals_apart(change.old, change.new)
    return share(change.old, decimals), share(change.new, decimals)


def small_first(text: str) -> str:
    """The text for the middle of a sentence; an abbreviation stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def units_in_words(kinds: Sequence[str], names: Sequence[str]) -> str:
    """ "13 xã và thị trấn"; a single unit by its name."""
    if len(names) == 1:
        return names[0]
    words = [word for kind, word in KINDS.items() if kind in kinds]
    return f"{whole(len(names))} {joined(words) if set(kinds) <= set(KINDS) else 'đơn vị'}"
