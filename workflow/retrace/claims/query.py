"""What a claim's query may do: one SELECT over the paper's tables with functions that are listed.

DuckDB's own statement type is no proof: a DELETE inside a WITH clause counts as a SELECT there.
So the parsed statement is walked, and whatever is not known to be harmless is refused. The list of
functions also keeps out what would give another answer tomorrow: clocks, random numbers, settings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator

# Query nodes, table references and clauses without which there is no useful SELECT.
_NODES = """
    SELECT_NODE SET_OPERATION_NODE BASE_TABLE JOIN SUBQUERY TABLE_FUNCTION EMPTY EXPRESSION_LIST
    ORDER_MODIFIER LIMIT_MODIFIER DISTINCT_MODIFIER ORDER_DEFAULT ORDER_ASCENDING ORDER_DESCENDING
    ASCENDING DESCENDING
"""
_ALLOWED_NODES = frozenset(_NODES.split())
ALLOWED_TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})
_FUNCTIONS = """
    count count_star sum min max avg median mode product stddev_samp var_samp list string_agg
    bool_and bool_or count_if arg_min arg_max
    abs ceil ceiling floor round trunc sign sqrt pow power ln log10 exp greatest least
    nullif if coalesce isnan isfinite
    lower upper trim ltrim rtrim length len replace substring substr left right starts_with
    ends_with contains prefix suffix strpos instr position string_split split split_part concat
    concat_ws repeat lpad rpad printf format strip_accents regexp_matches regexp_full_match
    regexp_extract regexp_extract_all regexp_replace
    like_escape not_like_escape ilike_escape not_ilike_escape
    range generate_series list_value list_contains list_has list_has_all list_has_any list_distinct
    list_unique list_sort list_reverse_sort list_count list_sum list_min list_max list_avg
    list_filter list_transform list_apply list_intersect list_concat list_position list_extract
    list_slice array_extract array_slice array_length array_contains flatten unnest
    row struct_pack struct_extract
    row_number rank dense_rank lag lead first_value last_value ntile
"""
ALLOWED_FUNCTIONS = frozenset(_FUNCTIONS.split())
# Names that SQL reads as functions without brackets.
_MOMENT = """
    current_date current_time current_timestamp localtime localtimestamp current_user user
    session_user current_role current_catalog current_schema
"""
_VALUES_OF_THE_MOMENT = frozenset(_MOMENT.split())
_TIME_ZONE = re.compile("tz|time zone", re.IGNORECASE)
_OPERATOR = re.compile(r"[^A-Za-z0-9_]+|__(?:between|cast)")


class QueryError(ValueError):
    """A query that claims may not run, or that cannot run: what was found, what is allowed."""


class EvaluationError(QueryError):
    """A query that may run and comes to no value: what its paper's tables hold, or limits, stop it.

    Its text is in order, so that this is a finding about the claim and its tables.
    """


def check_statement(
    serialized: str, tables: Collection[str], functions: Collection[str] = ()
) -> bool:
    """Check a parsed statement.

    Parameters
    ----------
    serialized : str
        What DuckDB's `json_serialize_sql` makes of the query.
    tables : collection of str
        The tables that there are.
    functions : collection of str
        Functions allowed besides `ALLOWED_FUNCTIONS`.

    Returns
    -------
    bool
        Whether the statement has the parameter `$reported`.

    Raises
    ------
    QueryError
        With the first thing that is not allowed.
    """
    try:
        parsed = json.loads(serialized)
    except RecursionError:
        raise QueryError("nested too deeply; a claim asks one thing") from None
    if parsed["error"]:
        message = parsed["error_message"]
        if parsed.get("error_type") == "not implemented":
            message = "not a SELECT statement; a claim only reads the paper's tables"
        raise QueryError(message)
    statements = parsed["statements"]
    if len(statements) != 1:
        raise QueryError(f"{len(statements)} statements; one SELECT is expected")
    known = frozenset(name.lower() for name in tables)
    allowed = ALLOWED_FUNCTIONS.union(name.lower() for name in functions)
    has_parameter = False
    for node, named in _walk(statements):
        _check_node(node, known, named, allowed)
        has_parameter |= node.get("class") == "PARAMETER"
    return has_parameter


def _walk(tree: object) -> Iterator[tuple[dict, frozenset[str]]]:
    """Every mapping of a parsed statement, with the names that WITH gives to queries there.

    A name is known to the queries after it in its WITH and to the one that the WITH stands before,
    with all that is inside them; elsewhere DuckDB takes it for a table, maybe one of its own.
    Without recursion: depth is the query's to choose.
    """
    waiting: list[tuple[object, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        node, named = waiting.pop()
        parts: Iterable[object] = node if isinstance(node, list) else ()
        if isinstance(node, dict):
            for entry in node.get("cte_map", {}).get("map", ()):
                waiting.append((entry["value"], named))
                named |= {entry["key"].lower()}
            yield node, named
            parts = [part for key, part in node.items() if key != "cte_map"]
        waiting.extend((part, named) for part in parts if isinstance(part, dict | list))


def _check_node(
    node: dict, known: frozenset[str], named: frozenset[str], allowed: frozenset[str]
) -> None:
    kind = node.get("type")
    if node.get("sample"):
        raise QueryError("a sample gives other rows each time; take all rows")
    if isinstance(kind, str) and "class" not in node and kind not in _ALLOWED_NODES:
        what = kind.removesuffix("_NODE").removesuffix("_QUERY").replace("_", " ").lower()
        raise QueryError(f"{what} is not allowed in a claim; a claim only reads the paper's tables")
    if kind == "BASE_TABLE":
        name = node["table_name"]
        if node.get("schema_name") or node.get("catalog_name"):
            raise QueryError(f"table {name!r} with a schema; tables are named by their key alone")
        if name.lower() not in known | named:
            there = ", ".join(sorted(known)) or "none"
            raise QueryError(f"there is no table {name!r}; tables of the paper: {there}")
    elif kind == "TABLE_FUNCTION":
        name = node["function"].get("function_name", "")
        if name.lower() not in ALLOWED_TABLE_FUNCTIONS:
            raise QueryError(f"{name}() reads what is not the paper's; name a table by its key")
    elif node.get("class") in ("FUNCTION", "WINDOW"):
        name = node.get("function_name", "")
        if node.get("schema") or node.get("catalog"):
            raise QueryError(f"function {name}() with a schema; name it alone")
        if name.lower() not in allowed and not _OPERATOR.fullmatch(name):
            raise QueryError(f"function {name}() is not among those that claims may use")
    elif node.get("class") == "COLUMN_REF":
        column = node["column_names"][-1].lower()
        if len(node["column_names"]) == 1 and column in _VALUES_OF_THE_MOMENT:
            raise QueryError(f"{column} gives another answer tomorrow")
    elif node.get("class") == "TYPE" and _TIME_ZONE.search(node.get("type_name", "")):
        raise QueryError(f"{node['type_name']} gives another answer elsewhere; take TIMESTAMP")
    elif node.get("class") == "PARAMETER" and node.get("identifier") != "reported":
        raise QueryError("unknown parameter; $reported is the only one")
