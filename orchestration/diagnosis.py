"""One thing that was looked at, and what to do about it. Keep out: looking (`checkup`)."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["fine", "attention", "broken"]


@dataclass(frozen=True)
class Diagnosis:
    """`sentence` says what was found, `remedy` what to do; both Vietnamese, without a value of a row."""

    severity: Severity
    sentence: str
    remedy: str = ""
