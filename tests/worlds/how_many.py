"""How many worlds are tried, and how.

MOTCUA_WORLDS=300 asks for that many, other ones each time (the same again with --hypothesis-seed=N); without it the same
few are tried every time. Of a world that fails the least that still does is told in words (`smaller`), and the line that
repeats the whole of it. Keep out: what is tried.
"""

import os

from hypothesis import HealthCheck, Phase, settings

HARMLESS = (
    *(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example),
    HealthCheck.function_scoped_fixture,
)
ASKED = os.environ.get("MOTCUA_WORLDS")

settings.register_profile(
    "few worlds",
    max_examples=6,
    derandomize=True,
    deadline=None,
    suppress_health_check=HARMLESS,
    print_blob=True,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
settings.register_profile(
    "many worlds",
    settings.get_profile("few worlds"),
    max_examples=int(ASKED or 300),
    derandomize=False,
    database=None,
)
WORLDS = settings.get_profile("many worlds" if ASKED else "few worlds")
