"""The views of a build -> views that hold wherever the file is, whatever it is called.

dbt writes the name of the database, which is that of the file, into every view; a published file has another
name, and an analyst attaches it under a third. Views over facts lead to the folder that goes with the file. Keep out:
which views there are.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import duckdb


def make_views_portable(connection: duckdb.DuckDBPyConnection, facts: Path) -> None:
    """Take the database's name out of every view of the connected file; comments stay.

    Views of what lies in `facts`, where there is such a folder, lead there. Raises duckdb.Error for a view that needs what
    is no longer there.
    """
    (database,) = connection.execute("select current_database()").fetchone() or ("",)
    views = connection.execute(
        """
        select schema_name, view_name, sql, comment from duckdb_views()
        where database_name = current_database() and not internal
        """
    ).fetchall()
    texts: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, table, column, text in connection.execute(
        """
        select schema_name, table_name, column_name, comment from duckdb_columns()
        where database_name = current_database() and comment is not null
        """
    ).fetchall():
        texts.setdefault((schema, table), []).append((column, text))
    # Not a column or schema of that name, which stand behind a point or are part of a longer word.
    qualifier = re.compile(rf'(?<![\w."])("{re.escape(database)}"|{re.escape(database)})\.')
    for schema, view, sql, comment in views:
        name = f"{_identifier(schema)}.{_identifier(view)}"
        portable = qualifier.sub("", sql)
        if (facts / view).is_dir():
            portable = f"CREATE VIEW {name} as {over_parquet(facts / view)}"
        connection.execute(portable.replace("CREATE VIEW", "create or replace view", 1))
        connection.execute(f"from {name} limit 0")
        comment_on(connection, "view", name, comment, texts.get((schema, view), []))


def comment_on(
    connection: duckdb.DuckDBPyConnection,
    what: str,
    name: str,
    comment: str | None,
    columns: Iterable[tuple[str, str]],
) -> None:
    """Say what a table or view, and each of `columns` (name, text), means."""
    if comment is not None:
        connection.execute(f"comment on {what} {name} is {literal(comment)}")
    for column, text in columns:
        connection.execute(f"comment on column {name}.{_identifier(column)} is {literal(text)}")


def over_parquet(folder: Path) -> str:
    """The query that reads the Parquet files of a folder that was written at once, in the order of their names."""
    return f"from read_parquet({path_in_sql(folder)[:-1]}/*.parquet')"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """The text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def path_in_sql(path: Path) -> str:
    """The path in SQL, so that DuckDB takes nothing in it for a pattern: it would read other folders than the home."""
    return literal(str(path).replace("[", "[[]").replace("*", "[*]"))
