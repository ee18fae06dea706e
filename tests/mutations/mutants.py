"""A model's SQL -> its mutants: the same SQL with one thing changed, at every place where there is something to change.

A site is a node of the tree that sqlglot reads; what is made of it stands in `changes`. Keep out: running anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp, parse_one

from tests.mutations.changes import LOSABLE, changes_of

DIALECT = "duckdb"
LONGEST_FRAGMENT = 120


@dataclass(frozen=True)
class Mutant:
    """`part` is the CTE in which it lies, "select" for the last; `before` and `after` are the fragment that differs."""

    model: str
    part: str
    before: str
    after: str
    sql: str


def written(tree: exp.Expression) -> str:
    """A tree as SQL in one line."""
    return tree.sql(DIALECT, comments=False)


def parsed(sql: str) -> exp.Expression:
    """SQL as a tree, its relations without the name of the database."""
    tree = parse_one(sql, read=DIALECT)
    for table in tree.find_all(exp.Table):
        table.set("catalog", None)
    return tree


def mutants_of(model: str, sql: str) -> Iterator[Mutant]:
    """Every mutant of a model, each different from the model and from the others at the same place."""
    tree = parsed(sql)
    for node in list(tree.walk()):
        seen = {written(node)}
        for change in changes_of(node):
            changed = change(node)
            if written(changed) in seen:
                continue
            seen.add(written(changed))
            around = _around(node)
            before = written(around)
            if node is not tree:
                node.replace(changed)
            after = written(changed if around is node else around)
            mutated = written(changed if node is tree else tree)
            if node is not tree:
                changed.replace(node)
            if isinstance(node, exp.Query):
                before, after = _short(node, changed)
            yield Mutant(model, _part(node), before, after, mutated)


def _part(node: exp.Expression) -> str:
    cte = node.find_ancestor(exp.CTE)
    return cte.alias if cte else "select"


def _around(node: exp.Expression) -> exp.Expression:
    """A node with as much around it as says where it is."""
    around = node
    while (
        around.parent is not None
        and not isinstance(around.parent, exp.Query | exp.CTE | exp.From | exp.With | exp.Group)
        and len(written(around.parent)) <= LONGEST_FRAGMENT
    ):
        around = around.parent
    return around


def _short(node: exp.Expression, changed: exp.Expression) -> tuple[str, str]:
    """Of a whole query: a union's last branch, or the clause that a select loses."""
    if isinstance(node, exp.SetOperation):
        word = "union all" if not node.args.get("distinct") else "union"
        branch = written(node.expression)[:LONGEST_FRAGMENT]
        kept = written(changed)
        if kept.endswith(written(node.this)):
            return f"{word} {branch}", "without it"
        if kept.endswith(written(node.expression)) and not isinstance(changed, exp.SetOperation):
            return f"{word} {branch}", "without what stands before"
        return f"{word} {branch}", f"{'union' if word == 'union all' else 'union all'} {branch}"
    lost = next(name for name in LOSABLE if node.args.get(name) and not changed.args.get(name))
    return written(node.args[lost]).strip(), "without it"
