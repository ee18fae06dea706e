"""`texts/<period>.txt`: what the clerk writes for a period's report, laid there as a template before it is needed.

Keep out: what such a file means (`exports.report.texts`).
"""

import contextlib

from exports.release import Office, Period
from exports.report.texts import texts_template
from orchestration.durable import write_whole
from orchestration.home import Home


def laid_texts(home: Home, period: Period, office: Office) -> bytes:
    """The clerk's file for a period; where there is none yet, the template is laid there."""
    path = home.texts / f"{period.code}.txt"
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes()
    template = texts_template(period, office)
    write_whole(path, template)
    return template
