"""A node of a query -> what it may be changed into: the table CHANGES, an entry a kind of node. Keep out: where nodes are."""

import datetime as dt
from collections.abc import Callable, Iterator

from sqlglot import exp

# Values that come in as variables are rendered as texts that begin like this: they are no literals of the rules.
MARK = "@"
LOSABLE = ("distinct", "where", "having")

Change = Callable[[exp.Expression], exp.Expression]


def changes_of(node: exp.Expression) -> Iterator[Change]:
    """What can be made of a node. A change is given the node, leaves it as it is, and returns what takes its place."""
    for kind, made in CHANGES:
        if isinstance(node, kind):
            yield from made(node)


def _as(*kinds: type[exp.Expression]) -> Callable[[exp.Expression], Iterator[Change]]:
    """The same operands under another operator or function."""

    def made(_: exp.Expression) -> Iterator[Change]:
        for kind in kinds:
            yield lambda node, kind=kind: kind(**{name: _copy(value) for name, value in node.args.items()})

    return made


def _copy(value: object) -> object:
    if isinstance(value, list):
        return [_copy(one) for one in value]
    return value.copy() if isinstance(value, exp.Expression) else value


def _negated(node: exp.Expression) -> Iterator[Change]:
    if not isinstance(node.parent, exp.Not | exp.Escape):
        yield lambda node: exp.Not(this=node.copy())


def _first(_: exp.Expression) -> Iterator[Change]:
    yield lambda node: node.this.copy()


def _either(_: exp.Expression) -> Iterator[Change]:
    yield lambda node: node.this.copy()
    yield lambda node: node.expression.copy()


def _between(_: exp.Expression) -> Iterator[Change]:
    def bounds(low: type[exp.Binary], high: type[exp.Binary]) -> Change:
        return lambda node: exp.paren(
            exp.and_(
                low(this=node.this.copy(), expression=node.args["low"].copy()),
                high(this=node.this.copy(), expression=node.args["high"].copy()),
            )
        )

    yield bounds(exp.GT, exp.LTE)
    yield bounds(exp.GTE, exp.LT)
    yield from _negated(_)


def _without_each(name: str, least: int = 1) -> Callable[[exp.Expression], Iterator[Change]]:
    """A list with each of its members left out, as long as `least` are left."""

    def made(node: exp.Expression) -> Iterator[Change]:
        members = node.args.get(name) or []
        for number in range(len(members) if len(members) > least else 0):

            def without(node: exp.Expression, number: int = number) -> exp.Expression:
                node = node.copy()
                node.set(name, [one for index, one in enumerate(node.args[name]) if index != number])
                return node

            yield without

    return made


def _arguments(node: exp.Expression) -> Iterator[Change]:
    """coalesce, least, greatest: each argument left out, neighbours swapped (where their order means something)."""

    def with_arguments(pick: Callable[[list[exp.Expression]], list[exp.Expression]]) -> Change:
        def changed(node: exp.Expression) -> exp.Expression:
            first, *others = pick([one.copy() for one in (node.this, *node.expressions)])
            return type(node)(**(node.args | {"this": first, "expressions": others})) if others else first

        return changed

    count = 1 + len(node.expressions)
    for number in range(count):
        yield with_arguments(lambda each, number=number: each[:number] + each[number + 1 :])
    if isinstance(node, exp.Coalesce):
        for number in range(count - 1):
            yield with_arguments(
                lambda each, n=number: [*each[:n], each[n + 1], each[n], *each[n + 2 :]],
            )


def _literal(node: exp.Expression) -> Iterator[Change]:
    parent, text = node.parent, str(node.this)
    if isinstance(parent, exp.DataTypeParam) or text.startswith(MARK):
        return
    if isinstance(parent, exp.Escape) and parent.expression is node:
        return
    if isinstance(parent, exp.Cast) and parent.is_type("date"):
        for days in (1, -1):
            if text != "9999-12-31" or days < 0:
                other = dt.date.fromisoformat(text) + dt.timedelta(days)
                yield lambda _, other=other: exp.Literal.string(str(other))
    elif not node.is_string or isinstance(parent, exp.Interval):
        for more in (1, -1):
            yield (
                lambda node, more=more: (
                    exp.Literal(this=str(abs(int(node.this) + more)), is_string=node.is_string)
                    if int(node.this) + more >= 0
                    else exp.Neg(this=exp.Literal.number(1))
                )
            )
    else:
        yield lambda node: exp.Literal.string(f"{node.this}~")


def _case(node: exp.Expression) -> Iterator[Change]:
    ifs = node.args["ifs"]
    for number in range(len(ifs)):

        def without(node: exp.Expression, number: int = number) -> exp.Expression:
            if len(node.args["ifs"]) == 1:
                return (node.args.get("default") or exp.null()).copy()
            node = node.copy()
            node.set("ifs", [one for index, one in enumerate(node.args["ifs"]) if index != number])
            return node

        yield without
    if node.args.get("default") is not None:

        def without_else(node: exp.Expression) -> exp.Expression:
            node = node.copy()
            node.set("default", None)
            return node

        yield without_else


def _join(node: exp.Expression) -> Iterator[Change]:
    def other(node: exp.Expression, **args: object) -> exp.Expression:
        node = node.copy()
        for name, value in args.items():
            node.set(name, value)
        return node

    if node.args.get("on") is None:
        return
    yield lambda node: other(node, on=exp.true())
    for side in ("", "LEFT", "RIGHT"):
        if side != (node.args.get("side") or "") and (side != "RIGHT" or node.args.get("side") == "FULL"):
            yield lambda node, side=side: other(node, side=side or None, kind="INNER" if not side else None)


def _count(node: exp.Expression) -> Iterator[Change]:
    counted = node.this
    if isinstance(counted, exp.Star):
        yield lambda _: exp.Min(this=exp.Literal.number(1))
    elif isinstance(counted, exp.Distinct):
        yield lambda node: exp.Count(this=node.this.expressions[0].copy())
    else:
        yield lambda _: exp.Count(this=exp.Star())


def _union(node: exp.Expression) -> Iterator[Change]:
    def other(node: exp.Expression) -> exp.Expression:
        node = node.copy()
        node.set("distinct", not node.args.get("distinct"))
        return node

    def branch(name: str) -> Change:
        def kept(node: exp.Expression) -> exp.Expression:
            one = node.args[name].copy()
            if node.args.get("with_"):
                one.set("with_", node.args["with_"].copy())
            return one

        return kept

    yield other
    yield from (branch("this"), branch("expression"))


def _select(node: exp.Expression) -> Iterator[Change]:
    def without(name: str) -> Change:
        def changed(node: exp.Expression) -> exp.Expression:
            node = node.copy()
            node.set(name, None)
            return node

        return changed

    for name in LOSABLE:
        if node.args.get(name):
            yield without(name)


def _ordered(_: exp.Expression) -> Iterator[Change]:
    def other(node: exp.Expression) -> exp.Expression:
        node = node.copy()
        node.set("desc", not node.args.get("desc"))
        return node

    yield other


def _cast(node: exp.Expression) -> Iterator[Change]:
    if node.is_type("date") and not isinstance(node.this, exp.Literal):
        yield lambda node: node.this.copy()
    if node.is_type("decimal"):
        yield lambda node: exp.cast(node.this.copy(), "double")


CHANGES: tuple[tuple[type[exp.Expression], Callable[[exp.Expression], Iterator[Change]]], ...] = (
    (exp.EQ, _as(exp.NEQ)),
    (exp.NEQ, _as(exp.EQ)),
    (exp.LT, _as(exp.LTE, exp.GTE)),
    (exp.LTE, _as(exp.LT, exp.GT)),
    (exp.GT, _as(exp.GTE, exp.LTE)),
    (exp.GTE, _as(exp.GT, exp.LT)),
    (exp.NullSafeNEQ, _as(exp.NEQ, exp.NullSafeEQ)),
    (exp.NullSafeEQ, _as(exp.EQ, exp.NullSafeNEQ)),
    (exp.Between, _between),
    (exp.Is, _negated),
    (exp.In, _negated),
    (exp.In, _without_each("expressions")),
    (exp.Like, _negated),
    (exp.Escape, _negated),
    (exp.Not, _first),
    (exp.Add, _as(exp.Sub)),
    (exp.Sub, _as(exp.Add)),
    (exp.Mul, _as(exp.Div)),
    (exp.Div, _as(exp.Mul)),
    (exp.And, _as(exp.Or)),
    (exp.Or, _as(exp.And)),
    (exp.Connector, _either),
    (exp.Literal, _literal),
    (exp.Boolean, lambda _: iter([lambda node: exp.Boolean(this=not node.this)])),
    (exp.Join, _join),
    (exp.Coalesce, _arguments),
    (exp.Least, _arguments),
    (exp.Greatest, _arguments),
    (exp.Least, _as(exp.Greatest)),
    (exp.Greatest, _as(exp.Least)),
    (exp.Nullif, _first),
    (exp.Ceil, _as(exp.Floor)),
    (exp.Case, _case),
    (exp.Count, _count),
    (exp.Sum, _as(exp.Max)),
    (exp.Min, _as(exp.Max)),
    (exp.Max, _as(exp.Min)),
    (exp.LogicalOr, _as(exp.LogicalAnd)),
    (exp.ArgMax, _as(exp.ArgMin)),
    (exp.ArgMin, _as(exp.ArgMax)),
    (exp.Filter, _first),
    (exp.Lag, _as(exp.Lead)),
    (exp.Lead, _as(exp.Lag)),
    (exp.Union, _union),
    (exp.Select, _select),
    (exp.Window, _without_each("partition_by", least=0)),
    (exp.Order, _without_each("expressions")),
    (exp.Ordered, _ordered),
    (exp.GroupingSets, _without_each("expressions")),
    (exp.Cast, _cast),
)
