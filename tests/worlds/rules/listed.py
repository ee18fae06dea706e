"""What is counted by field or by level alone: feedback, legal documents, the procedure catalogue.

Keep out: dossiers and their units.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from tests.worlds.rules.exports import Row, day_of
from tests.worlds.rules.reference import Reference

# level, field, measure
Place = tuple[str, str, str]


def listed_counts(
    start: dt.date,
    end: dt.date,
    feedback: Mapping[str, Row],
    documents: Mapping[str, Row],
    catalogue: Sequence[Row],
    reference: Reference,
) -> Counter[Place]:
    counts: Counter[Place] = Counter()

    def count(measure: str, level: str, field_code: str) -> None:
        for level_code, field in {("_T", "_T"), (level, field_code)}:
            counts[level_code, field, measure] += 1

    for item in feedback.values():
        field_code = reference.fields.get(item["field"], "_U")
        sent, due, answered = (day_of(item[name]) for name in ("sent_at", "due_date", "answered_at"))
        if sent and start <= sent <= end:
            count("feedback_received", "_T", field_code)
            if answered and answered <= end:
                count("feedback_resolved", "_T", field_code)
                if not due or answered <= due:
                    count("feedback_on_time", "_T", field_code)
    for document in documents.values():
        posted = day_of(document["posted_date"])
        if posted and start <= posted <= end:
            count("legal_documents_posted", "_T", reference.fields.get(document["field"], "_U"))
    for procedure in catalogue:
        count("procedures_total", procedure["level"], "_T")
        if procedure["service_level"] in ("2", "3", "4"):
            count(f"procedures_service_level_{procedure['service_level']}", procedure["level"], "_T")
    return counts
