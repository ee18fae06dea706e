"""The parsed dbt project, lent from home to home as in the end-to-end tests."""

from tests.end_to_end.conftest import parsed_projects

__all__ = ["parsed_projects"]
