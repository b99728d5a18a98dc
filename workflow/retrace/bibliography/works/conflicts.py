"""Where papers disagree about a work, and identifiers that cannot be right."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from retrace.bibliography.journals import JournalCodes, same_journal, words
from retrace.bibliography.problem_codes import ProblemCode
from retrace.bibliography.problems import WELL_FORMED_DOI
from retrace.bibliography.record import Reference, format_names
from retrace.bibliography.works.sameness import normal_doi, normal_number

if TYPE_CHECKING:
    import pandas as pd

_LETTERS = re.compile(rf"[{'A-Za-zÀ-ÖØ-öø-žΑ-ωА-я'}]")


class Conflict(NamedTuple):
    """A row of the conflicts table.

    Attributes
    ----------
    work, field, kind : str
    paper_a, value_a : str
        What most references print, and the first paper that does; or the one fact at fault.
    paper_b, value_b : str
        A fact that dissents from it; empty where a fact is at fault by itself.
    references_a, references_b : str
        All references that print either, `paper:index` joined with `;`.
    """

    work: str
    field: str
    paper_a: str
    value_a: str
    paper_b: str
    value_b: str
    kind: str
    references_a: str
    references_b: str = ""


Listed = Sequence[tuple[str, Reference]]


class _Fact(NamedTuple):
    """What some references of a work print in one field."""

    value: str
    form: object
    listed: Listed


class _Field(NamedTuple):
    """How the values of a field are read and compared.

    `form` of a reference is what is compared, None where the reference says nothing of it. `differ`
    says whether two forms disagree; without it, all that are not equal do.
    """

    name: str
    kind: str
    value: Callable[[Reference], str]
    form: Callable[[Reference], object]
    differ: Callable | None = None


def find_conflicts(described: Mapping[str, Listed]) -> list[Conflict]:
    """Every fact that dissents from what most references of a work print, and every DOI at fault.

    What one list leaves out is no disagreement. Titles, containers and authors are compared
    without case, punctuation and accents; initials only as far as both are printed. The consensus
    is the fact that most references print or agree with; of several, the one of the first paper,
    and in it of the first reference. So a work that n references list has no more than n conflicts
    a field.

    Parameters
    ----------
    described : mapping
        Each work's references as (paper, reference) pairs, from `matching.references_of`.

    Returns
    -------
    list of Conflict
        By work, field and papers.
    """
    conflicts = [
        _conflict(key, field.name, consensus, dissenting, field.kind)
        for key, listed in described.items()
        if len(listed) > 1
        for field in _FIELDS
        for consensus, dissenting in _dissent(_facts(listed, field), field.differ)
    ]
    conflicts += _malformed(described)
    conflicts += _shared_dois(described)
    conflicts += _misfits(described)
    return sorted(set(conflicts))


def papers_in_conflict(conflict: Any) -> set[str]:
    """The papers whose facts a row disputes: those that dissent, and both where as many agree.

    Parameters
    ----------
    conflict : Conflict or a row of the table
        With `references_a` and `references_b`.
    """
    one, other = (
        [source.rpartition(":")[0] for source in sources.split(";") if source]
        for sources in (conflict.references_a, conflict.references_b)
    )
    return {*other} if len(one) > len(other) > 0 else {*one, *other}


def conflicts_table(conflicts: Iterable[Conflict]) -> pd.DataFrame:
    """Conflicts as a table, a row each."""
    import pandas as pd

    return pd.DataFrame(list(conflicts), columns=Conflict._fields)


def _facts(listed: Listed, field: _Field) -> list[_Fact]:
    """The distinct facts of a field, each in the words that most references have for it."""
    by_form: dict[object, list[tuple[str, Reference]]] = defaultdict(list)
    for paper, r in sorted(listed, key=lambda pair: (pair[0], pair[1].index)):
        form = field.form(r)
        if form is not None:
            by_form[form].append((paper, r))
    return [
        # The first of several that are as frequent, as `Counter` keeps the order.
        _Fact(Counter(field.value(r) for _, r in same).most_common(1)[0][0], form, same)
        for form, same in by_form.items()
    ]


def _dissent(facts: list[_Fact], differ: Callable | None) -> Iterator[tuple[_Fact, _Fact]]:
    """The consensus with each fact that differs from it.

    A fact may agree with two that disagree (`Ou, C.` with `Ou, C. X.` and `Ou, C. Y.`): those
    that agree with the consensus are settled among themselves in turn.
    """
    while len(facts) > 1:
        consensus = max(facts, key=lambda fact: _support(fact, facts, differ))
        agreeing = []
        for fact in facts:
            if fact is consensus:
                continue
            if differ is None or differ(consensus.form, fact.form):
                yield consensus, fact
            else:
                agreeing.append(fact)
        facts = agreeing


def _support(fact: _Fact, facts: Iterable[_Fact], differ: Callable | None) -> tuple[int, int]:
    """How many references agree with a fact, and how many of them print it."""
    own = len(fact.listed)
    if differ is None:
        return own, own
    agreeing = (len(f.listed) for f in facts if f is fact or not differ(fact.form, f.form))
    return sum(agreeing), own


def _conflict(work: str, field: str, fact: _Fact, other: _Fact | None, kind: str) -> Conflict:
    value, paper = (other.value, other.listed[0][0]) if other else ("", "")
    return Conflict(
        *(work, field, fact.listed[0][0], fact.value, paper, value, kind),
        *(_sources(fact.listed, other), _sources(other.listed) if other else ""),
    )


def _sources(listed: Listed, against: _Fact | None = None) -> str:
    """Where a fact is printed; of a majority one more than those against it, and `+n` others.

    So the references of all rows together are not more than three times those of the work.
    """
    most = len(against.listed) + 1 if against else len(listed)
    named = [f"{paper}:{r.index}" for paper, r in listed[:most]]
    return ";".join(named + [f"+{len(listed) - most}"] * (len(listed) > most))


def _pages(reference: Reference) -> str:
    if not reference.last_page:
        return reference.first_page
    return f"{reference.first_page}-{reference.last_page}"


def _pages_form(reference: Reference) -> tuple[str, str] | None:
    if not reference.first_page:
        return None
    return reference.first_page.lower(), reference.last_page


def _pages_differ(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[0] != other[0] or bool(one[1] and other[1] and one[1] != other[1])


def _containers_differ(one: str, other: str) -> bool:
    """Whether two names differ by more than an article, a subtitle, or one being abbreviated."""
    if same_journal(one, other):
        return False
    first, second = words(one), words(other)
    first = first[first[:1] == ["the"] :]
    second = second[second[:1] == ["the"] :]
    short, long = sorted((first, second), key=len)
    return first != second and not (long[: len(short)] == short and ":" in one + other)


def _truncated(reference: Reference) -> bool:
    return reference.has(ProblemCode.AUTHORS_LEFT_OUT)


def _authors_form(reference: Reference) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
    """Family names and initials, in order."""
    if not reference.authors or _truncated(reference):
        return None
    return tuple((name.family.lower(), tuple(_initials(name.given))) for name in reference.authors)


def _authors_differ(one: Sequence[tuple], other: Sequence[tuple]) -> bool:
    """Whether two author lists differ in number, in a family name, or in an initial of both."""
    return len(one) != len(other) or any(
        a != b and (a[0] != b[0] or any(x != y for x, y in zip(a[1], b[1], strict=False)))
        for a, b in zip(one, other, strict=True)
    )


def _initials(given: str) -> list[str]:
    """First letters of given names, in order; a full name counts as its first letter."""
    return [part[0].lower() for part in re.split(r"[\s.\-()]+", given) if _LETTERS.match(part)]


_FIELDS = (
    _Field("doi", "doi differs", lambda r: r.doi, lambda r: normal_doi(r.doi) or None),
    _Field("year", "year", lambda r: r.year, lambda r: r.year_number or None),
    _Field("volume", "volume", lambda r: r.volume, lambda r: _number_form(r.volume)),
    _Field("issue", "issue", lambda r: r.issue, lambda r: _number_form(r.issue)),
    _Field("pages", "pages", _pages, _pages_form, _pages_differ),
    _Field("title", "title", lambda r: r.title, lambda r: tuple(words(r.title))),
    _Field(
        "authors",
        "author spelling",
        lambda r: format_names(r.authors),
        _authors_form,
        _authors_differ,
    ),
    _Field(
        "container",
        "container",
        lambda r: r.container,
        lambda r: r.container or None,
        _containers_differ,
    ),
)


def _number_form(text: str) -> str | None:
    return normal_number(text) if text else None


def _grouped(
    described: Mapping[str, Listed], value: Callable[[Reference], tuple[str, ...] | None]
) -> Iterator[tuple[str, tuple[str, ...], Listed]]:
    """Each work with every value that its references have, and those references."""
    for key, listed in described.items():
        groups: dict[tuple[str, ...], list[tuple[str, Reference]]] = defaultdict(list)
        for paper, r in sorted(listed, key=lambda pair: (pair[0], pair[1].index)):
            if (found := value(r)) is not None:
                groups[found].append((paper, r))
        yield from ((key, found, same) for found, same in groups.items())


def _malformed(described: Mapping[str, Listed]) -> Iterator[Conflict]:
    def malformed(r: Reference) -> tuple[str] | None:
        return (r.doi,) if r.doi and not WELL_FORMED_DOI.fullmatch(r.doi) else None

    for key, (doi,), same in _grouped(described, malformed):
        yield _conflict(key, "doi", _Fact(doi, doi, same), None, "doi malformed")


def _shared_dois(described: Mapping[str, Listed]) -> Iterator[Conflict]:
    """A DOI printed for several works, one conflict for each but that of most references."""
    users: dict[str, list[tuple[str, Listed]]] = defaultdict(list)
    for key, (doi,), same in _grouped(described, lambda r: (normal_doi(r.doi),) if r.doi else None):
        users[doi].append((key, same))
    for doi, works in sorted(users.items()):
        first, *others = sorted(works, key=lambda user: (-len(user[1]), user[0]))
        for key, same in others:
            fact, other = _Fact(doi, doi, first[1]), _Fact(key, key, same)
            yield _conflict(first[0], "doi", fact, other, "doi of two works")


def _misfits(described: Mapping[str, Listed]) -> Iterator[Conflict]:
    """DOIs whose journal code belongs to another journal than the reference names."""
    codes = JournalCodes(
        (key, r.doi, r.container)
        for key, listed in described.items()
        for _, r in listed
        if r.type == "article"
    )

    def misfit(r: Reference) -> tuple[str, str] | None:
        if r.type != "article" or codes.fit(r.doi, r.container):
            return None
        return r.doi, r.container

    kind = "doi does not fit the journal"
    for key, (doi, container), same in _grouped(described, misfit):
        conflict = _conflict(key, "doi", _Fact(doi, doi, same), None, kind)
        yield conflict._replace(value_b=container)
