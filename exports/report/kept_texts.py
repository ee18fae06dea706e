"""What a clerk wrote for a report <-> `texts.json` of the publication: exactly what the report shows of it, nothing else.

So that the report can be made again when the clerk's own file is long another. Keep out: how a clerk writes it
(`texts`).
"""

import json

from exports.release import Texts


def texts_json(texts: Texts) -> bytes:
    """UTF-8 JSON, section -> paragraphs, with sorted keys and a line break at its end."""
    return (json.dumps(dict(texts.sections), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_texts_json(content: bytes) -> Texts:
    """`texts_json` read back. Raises ValueError on anything else."""
    sections = json.loads(content)
    if not isinstance(sections, dict):
        raise ValueError("no sections")
    return Texts({section: tuple(map(str, paragraphs)) for section, paragraphs in sections.items()})
