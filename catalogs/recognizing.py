"""Which column of a file to import is which: by header or by cells; what is in doubt is asked, not guessed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalogs.cell_looks import Looks, is_money, looks_of, names_no_approver
from catalogs.faults import BadValue, Fault, did_you_mean
from catalogs.header_words import CATEGORY, CREDIT, NOT_FOR_SALE, QUALIFIERS, Meaning, meaning_of, words_of
from catalogs.schema import OFFERINGS, Table, parse_cell

IDS = "offering_id"
SAID = "you said so"
NEVER_READ = {"provider": "--provider says it", "evidence": "what you bring rests on your word"}
"""Columns of a catalog that the command fills itself."""
_BARE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_DESCRIPTIVE = ("kind", "format", "topics", "approvals")
"""Columns no amount depends on: left out as a whole where no cell can be read."""


@dataclass(frozen=True, slots=True)
class Understood:
    """Say what one column of a file was taken for."""

    place: int
    header: str
    role: str
    """A column of the table, `category`, `credits:` and a category; empty if it is left out."""
    why: str
    """The reason, a clause."""
    unit: str = ""
    """The unit of credit the header names."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Hold the header and the cells of a file, column by column."""

    file: str
    header_row: int | None
    """None where the header is not a row of the file."""
    row_noun: str
    headers: tuple[str, ...]
    cells: tuple[tuple[tuple[int, str], ...], ...]
    """Of each column, the row and the text of each cell that is filled."""


def names_of(headers: Sequence[str]) -> tuple[str, ...]:
    """Return a name for each column: its header, or `column 3` where that is empty or not the only one."""
    tidy = [" ".join(header.split()) for header in headers]
    return tuple(
        name if name and tidy.count(name) == 1 else f"column {place}" for place, name in enumerate(tidy, 1)
    )


def recognize(
    columns: Columns, table: Table, said: Mapping[str, str]
) -> tuple[tuple[Understood, ...], tuple[Fault, ...]]:
    """Return what each column was taken for, and a fault for each that only the user can tell.

    `said` is the user's own word: the role of a column by its name, empty to leave it out.
    """
    names = names_of(columns.headers)
    found: dict[int, Understood] = {}
    for place, name in enumerate(names):
        if name in said:
            found[place] = Understood(place, name, said[name], SAID, _unit_of(columns.headers[place], table))
    faults: list[Fault] = []
    for place, understood, fault in _by_header(columns, names, table, found):
        found[place] = understood
        faults += [fault] if fault else []
    for place, understood, fault in _by_cells(columns, names, table, found):
        found[place] = understood
        faults += [fault] if fault else []
    if table.column("title") and "title" not in [one.role for one in found.values()]:
        faults.append(_no_title(columns, names, found, table))
    return tuple(found[place] for place in sorted(found)), tuple(faults)


def known_roles(table: Table) -> tuple[str, ...]:
    """Return what a column can be said to be."""
    return (*(name for name in table.header if name not in NEVER_READ), CATEGORY)


def check_role(role: str, table: Table) -> None:
    """Refuse a role that no column can have."""
    if not role or role in known_roles(table):
        return
    word, colon, category = role.partition(":")
    if word == CREDIT and colon:
        parse_cell(OFFERINGS.column("credits"), f"{category}=1")
        return
    if role in NEVER_READ:
        problem = f"{role} is not read from a file: {NEVER_READ[role]}"
        raise BadValue(problem, "Leave this out.")
    known = ", ".join(known_roles(table))
    remedy = f"Name one of {known}, credits:CATEGORY, or nothing to leave the column out."
    problem = f'"{role}" is nothing a column can be'
    raise BadValue(problem, remedy + did_you_mean(role, known_roles(table)))


def _unit_of(header: str, table: Table) -> str:
    meaning = meaning_of(header, table)
    return meaning.unit if meaning else ""


type _Found = tuple[int, Understood, Fault | None]


def _by_header(
    columns: Columns, names: Sequence[str], table: Table, said: Mapping[int, Understood]
) -> Iterator[_Found]:
    """Yield the columns whose header says what they are, and those that two headers contest."""
    meanings = {
        place: meaning
        for place, header in enumerate(columns.headers)
        if place not in said and (meaning := meaning_of(header, table))
    }
    _part_ids(columns, meanings, table)
    taken = {one.role: one.header for one in said.values() if one.role}
    for place, meaning in meanings.items():
        role, name = meaning.role, names[place]
        if role in NEVER_READ:
            yield place, Understood(place, name, "", NEVER_READ[role]), None
        elif role in taken:
            yield place, Understood(place, name, "", f'"{taken[role]}" is the {role}, as you said'), None
        else:
            rivals = [names[other] for other, rival in meanings.items() if rival.role == role]
            yield _claimed(columns, place, name, meaning, rivals, meanings, taken)


def _part_ids(columns: Columns, meanings: dict[int, Meaning], table: Table) -> None:
    """Let `Course ID` beside another id be the number of the content, as in a catalog."""
    ids = [place for place, meaning in meanings.items() if meaning.role == IDS]
    courses = [place for place in ids if words_of(columns.headers[place]) == ("course", "id")]
    if table is OFFERINGS and len(ids) == 2 and len(courses) == 1:
        meanings[courses[0]] = Meaning("course_id")


def _claimed(
    columns: Columns,
    place: int,
    name: str,
    meaning: Meaning,
    rivals: Sequence[str],
    meanings: Mapping[int, Meaning],
    taken: Mapping[str, str],
) -> _Found:
    role, texts = meaning.role, [text for _, text in columns.cells[place]]
    if len(rivals) > 1:
        named = " and ".join(f'"{rival}"' for rival in rivals)
        remedy = f'Say which one is: --column "{name}={role}".'
        return _asked(columns, place, name, f"{named} both say that they are the {role}", remedy)
    roles = {*taken, *(other.role for other in meanings.values())}
    if (
        role == "hours"
        and not any(one.startswith(CREDIT) for one in roles)
        and "hour" in name.casefold()
        and texts
    ):
        if looks_of(texts).every_credit:
            why = _each(texts, "reads as credit with its unit")
            return place, Understood(place, name, CREDIT, why), None
        remedy = f'Say --column "{name}=credits" or --column "{name}=hours".'
        problem = "hours may be the credit given or the time it takes, and no other column says the credit"
        return _asked(columns, place, name, problem, remedy)
    if role == "hours" and "hour" not in name.casefold() and any(_BARE.fullmatch(text) for text in texts):
        remedy = (
            f'Say --column "{name}=hours" if its numbers are hours, or --column "{name}=" to leave it out.'
        )
        problem = "its numbers may be hours or minutes"
        return _asked(columns, place, name, problem, remedy)
    if role == CATEGORY and not (texts and looks_of(texts).every_category):
        why = "not every cell names a category of credit (clinical, administrative, general)"
        return place, Understood(place, name, "", why), None
    if role in _DESCRIPTIVE and texts and not any(_reads(role, text) for text in texts):
        says = OFFERINGS.column(role).form.says.replace("`", "")
        return place, Understood(place, name, "", f"no cell can be read as {role} ({says})"), None
    return place, Understood(place, name, role, "its header says so", meaning.unit), None


def _reads(role: str, text: str) -> bool:
    if role == "approvals" and names_no_approver(text):
        return False
    try:
        parse_cell(OFFERINGS.column(role), text)
    except BadValue:
        return False
    return True


def _by_cells(
    columns: Columns, names: Sequence[str], table: Table, found: Mapping[int, Understood]
) -> Iterator[_Found]:
    """Yield what the cells of the other columns say, and the columns in doubt."""
    rest = [place for place in range(len(names)) if place not in found]
    looks = {place: looks_of([text for _, text in columns.cells[place]]) for place in rest}
    taken = {one.role: one.header for one in found.values() if one.role}
    candidates = {place: role for place in rest if (role := looks[place].role) and role in table.header}
    known = dict(found)  # the caller adds to it what is yielded
    for place in rest:
        name, look, role = names[place], looks[place], candidates.get(place, "")
        if not look.filled:
            yield place, Understood(place, name, "", "it is empty"), None
        elif role == "price" and _differs_from_first(columns, place, known):
            problem = f'it is money, and so is "{taken[role]}", and they differ'
            remedy = f'Say --column "{name}=price" if it is the price, or --column "{name}=" to leave it out.'
            yield _asked(columns, place, name, problem, remedy)
        elif role and role in taken:
            yield place, Understood(place, name, "", f'"{taken[role]}" is the {role}'), None
        elif role:
            rivals = [names[other] for other in rest if candidates.get(other) == role]
            yield _seen(columns, place, name, look, rivals)
        else:
            yield _unseen(columns, place, name, look, table, taken, known)


def _seen(columns: Columns, place: int, name: str, look: Looks, rivals: Sequence[str]) -> _Found:
    role = look.role
    if len(rivals) > 1:
        named = " and ".join(f'"{rival}"' for rival in rivals)
        problem = f"every cell of {named} reads as {look.reads_as}, and only one column is the {role}"
        return _asked(columns, place, name, problem, f'Say which one is: --column "{name}={role}".')
    doubtful = sorted(QUALIFIERS & {*words_of(name)})
    if role == "price" and doubtful:
        problem = (
            f'its cells are money, but "{doubtful[0]}" in its header says more than the price of one course'
        )
        remedy = f'Say --column "{name}=price" if it is that, or --column "{name}=" to leave it out.'
        return _asked(columns, place, name, problem, remedy)
    why = _each([text for _, text in columns.cells[place]], f"reads as {look.reads_as}")
    return place, Understood(place, name, role, why), None


def _unseen(
    columns: Columns,
    place: int,
    name: str,
    look: Looks,
    table: Table,
    taken: Mapping[str, str],
    found: Mapping[int, Understood],
) -> _Found:
    if above := _shared_header(columns, place, found):
        problem = f'it has no header, and "{above.header}" beside it may stand above both'
        example = "credits:administrative" if above.role == CREDIT else "member_price"
        remedy = f'Say what both are, as in --column "{name}={example}"; --column "{name}=" leaves it out.'
        return _asked(columns, place, name, problem, remedy)
    nearly = look.nearly
    if nearly and nearly not in taken and nearly in table.header:
        row, other = next((row, text) for row, text in columns.cells[place] if not look.fits(nearly, text))
        problem = (
            f'most cells read as {look.reads_as_nearly}, but {columns.row_noun} {row} says "{other[:60]}"'
        )
        remedy = f'Say --column "{name}={nearly}", and such rows are refused; or --column "{name}=" to leave it out.'
        return _asked(columns, place, name, problem, remedy)
    words = {*words_of(name)}
    if look.every_day and not words & NOT_FOR_SALE and "starts" in table.header:
        remedy = (
            f'Say --column "{name}=starts", =available_until or what it is; or "{name}=" to leave it out.'
        )
        return _asked(columns, place, name, "its cells are dates, and nothing says of what", remedy)
    why = (
        "it holds dates of something else"
        if look.every_day
        else "neither its header nor its cells say what it is"
    )
    return place, Understood(place, name, "", why), None


def _differs_from_first(columns: Columns, place: int, found: Mapping[int, Understood]) -> bool:
    """Tell whether a column is the second of a card's pieces of one name, as `price (2)`, and says otherwise."""
    for first, one in found.items():
        named_alike = re.fullmatch(re.escape(one.header) + r" \([0-9]+\)", columns.headers[place])
        if named_alike and one.role == "price" and one.why != SAID:
            return columns.cells[place] != columns.cells[first]
    return False


def _shared_header(columns: Columns, place: int, found: Mapping[int, Understood]) -> Understood | None:
    """Return the column whose header, merged with the empty ones beside it, may stand above this one, too."""
    headed = place
    while headed >= 0 and not columns.headers[headed].strip():
        headed -= 1
    one = found.get(headed)
    if headed == place or one is None or one.why == SAID or one.role not in ("price", "member_price", CREDIT):
        return None
    return one if any(is_money(text) for _, text in columns.cells[place]) else None


def _asked(columns: Columns, place: int, name: str, problem: str, remedy: str) -> _Found:
    fault = Fault(columns.file, columns.header_row, name, None, problem, remedy)
    return place, Understood(place, name, "", problem), fault


def _no_title(columns: Columns, names: Sequence[str], found: Mapping[int, Understood], table: Table) -> Fault:
    left = [names[place] for place in range(len(names)) if not found[place].role and columns.cells[place]]
    example = left[0] if left else "Course"
    remedy = f'Say which it is, as in --column "{example}=title".'
    if left:
        remedy += f" Columns left: {', '.join(left[:12])}."
    elif table is OFFERINGS:
        remedy = "Add a column with the header title."
    return Fault(columns.file, columns.header_row, None, None, "no column is the title", remedy)


def _each(texts: Sequence[str], says: str) -> str:
    number = len(texts)
    return f"its one filled cell {says}" if number == 1 else f"each of its {number:,} filled cells {says}"
