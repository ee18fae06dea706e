"""Two builds, one of Spark's and one of DuckDB's -> where they differ: a table, a column, a comment, a row.

Keep out: how they were made.
"""

from pathlib import Path

import duckdb

from orchestration.warehouse import facts_beside

COLUMNS = """
select schema_name, table_name, column_name, data_type, comment
from duckdb_columns()
where database_name = ? and schema_name in ('core', 'figures', 'audit')
order by schema_name, table_name, column_index
"""


def differences(on_spark: Path, on_duckdb: Path) -> tuple[dict[str, int], list[str]]:
    """Rows by table, and what is unlike, in words."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{on_spark}' as spark (read_only)")
        # The name of a build, which its views bear until it is published.
        connection.execute(f"attach '{on_duckdb}' as warehouse (read_only)")
        described = [connection.execute(COLUMNS, [name]).fetchall() for name in ("spark", "warehouse")]
        found = [f"column {column}" for column in set(described[0]) ^ set(described[1])]
        counts: dict[str, int] = {}
        for schema, table in dict.fromkeys((row[0], row[1]) for row in described[1]):
            name = f'"{schema}"."{table}"'
            counts[table] = connection.execute(f"select count(*) from warehouse.{name}").fetchall()[0][0]
            for one, other in (("spark", "warehouse"), ("warehouse", "spark")):
                # By the bits: a rate that is off by its last digit is another one.
                rows = connection.execute(
                    f"select columns(*)::varchar from {one}.{name} except all select columns(*)::varchar from {other}.{name}"
                ).fetchall()
                found += [f"{table}: {len(rows)} rows of {one} alone, such as {rows[0]}"] if rows else []
        return counts, found


def facts_in(path: Path) -> set[str]:
    """The tables that lie beside a file."""
    folder = facts_beside(path)
    return {fact.name for fact in folder.iterdir()} if folder.exists() else set()
