"""The views of a build -> views that hold wherever the file is, whatever it is called.

dbt writes the name of the database, which is that of the file, into every view; a published file has another
name, and an analyst attaches it under a third. Keep out: which views there are.
"""

import re

import duckdb


def make_views_portable(connection: duckdb.DuckDBPyConnection) -> None:
    """Take the database's name out of every view of the connected file; comments stay.

    Raises duckdb.Error for a view that needs what is no longer there.
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
        connection.execute(portable.replace("CREATE VIEW", "create or replace view", 1))
        connection.execute(f"from {name} limit 0")
        if comment is not None:
            connection.execute(f"comment on view {name} is {_literal(comment)}")
        for column, text in texts.get((schema, view), []):
            connection.execute(f"comment on column {name}.{_identifier(column)} is {_literal(text)}")


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
