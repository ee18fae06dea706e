"""A chart that was drawn is not drawn again: most pages of the tests share most of theirs, and drawing is what takes the time.

Keep out: releases, which tests build from helpers, where one sees what is in them.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from exports.page import drawing


@pytest.fixture(scope="session", autouse=True)
def charts_drawn_once() -> Iterator[None]:
    draw, known = drawing.vl_convert.vegalite_to_svg, dict[str, str]()

    def once(spec: dict[str, Any], **options: Any) -> str:
        key = json.dumps([spec, options])
        if key not in known:
            known[key] = draw(spec, **options)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing.vl_convert, "vegalite_to_svg", once)
        yield
