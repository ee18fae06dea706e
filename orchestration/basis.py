"""Lake, reference data, settings, publications -> the foundation of a build: its schema `raw`, and the seeds beside it.

Everything that figures depend on, beside the moment and the code, goes through here: tonight's, or what a publication was
once computed from. Keep out: computing (dbt), and where a build lies.
"""

import shutil
from dataclasses import dataclass

import polars as pl

from ingest.reference import Reference
from orchestration.editions import SCHEMA, read_publications
from orchestration.intake import SHIPPED_SEEDS
from orchestration.lake import Lake
from orchestration.provenance import code_version
from orchestration.raw import fill_raw, raw_tables
from orchestration.settings import Settings
from orchestration.spark_build import lay_for_spark
from orchestration.warehouse import Build


@dataclass(frozen=True)
class Basis:
    """What figures are computed from; `published` are those of all publications so far (`editions.SCHEMA`)."""

    lake: Lake
    reference: Reference
    settings: Settings
    published: pl.DataFrame

    @classmethod
    def of(
        cls, lake: Lake, reference: Reference, settings: Settings, *, with_published: bool = True
    ) -> "Basis":
        """The basis of a home as it is; without the publications where nobody will ask for them."""
        published = read_publications(lake.home) if with_published else pl.DataFrame(schema=SCHEMA)
        return cls(lake, reference, settings, published)

    def lay(self, build: Build) -> None:
        """Make the new build with its schema `raw`, and the seeds that dbt loads beside it, for the engine of the settings.

        Raises EngineMissing.
        """
        write_seeds(self.reference, build)
        tables = raw_tables(
            self.lake, self.reference, self.settings, self.published, code_version=code_version()
        )
        if self.settings.engine == "spark":
            lay_for_spark(build, tables, self.settings)
        else:
            fill_raw(build, tables)


def write_seeds(reference: Reference, build: Build) -> None:
    """All seeds of the dbt project beside the build, the office's rows laid over them."""
    shutil.rmtree(build.seeds, ignore_errors=True)
    shutil.copytree(SHIPPED_SEEDS, build.seeds)
    reference.write_seeds(build.seeds)
