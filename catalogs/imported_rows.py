"""One row of a file to import → the texts of a catalog's columns, or every reason why it cannot be one."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from catalogs import forms
from catalogs.amounts import write_amount
from catalogs.cell_looks import is_priced, is_run, names_no_approver
from catalogs.credits import write_credits
from catalogs.faults import BadValue
from catalogs.grids import Grid
from catalogs.header_words import CATEGORY, CATEGORY_WORDS, CREDIT
from catalogs.native_ids import native_id, without_session
from catalogs.recognizing import SAID, Understood
from catalogs.records import Part
from catalogs.rows import unknown_references
from catalogs.schema import OFFERINGS, Column, Table, parse_cell
from catalogs.stated_credit import StatedCredit, is_stated_with_unit, parse_stated
from catalogs.words import parse_unit

LONGEST_TITLE = 400
_LINE_BREAKS = re.compile(r"\s+")
_ZERO_WIDTH = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
_SUMS = re.compile(
    r"(?:grand |sub-?)?totals?(?: (?:aama |contact )?(?:ceus?|credits?|hours?|price|cost|amount|due|courses?|items?))*"
    r"(?: ?\(.*\))?:?|(?:sum|average):?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s/]+\.\S+", re.IGNORECASE)
_DAY_NUMBER = re.compile(r"[1-9][0-9]{4}(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Terms:
    """Hold what holds for every row of a file."""

    table: Table
    provider: str
    unit: str
    """What one credit is where a row does not say it; empty if nobody says."""
    fixed: Mapping[str, str]
    """Texts of columns that the rows do not say, such as `seen_on`."""
    passes: Collection[str]
    """The passes a row may name."""


@dataclass(frozen=True, slots=True)
class Read:
    """Hold what one row became: values, or the reasons against it by column."""

    values: Mapping[str, Any]
    reasons: tuple[tuple[str, str, BadValue], ...] = ()
    """The name of the file's column, the text in it, and what is wrong."""


@dataclass(slots=True)
class _Row:
    """Gather a row's texts by role, and what is wrong with it."""

    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By role: the name of the file's column, and the text."""
    reasons: list[tuple[str, str, BadValue]] = field(default_factory=list)

    def text(self, role: str) -> str:
        """Return the text of a role, empty if there is none."""
        return self.texts.get(role, ("", ""))[1]

    def refuse(self, role: str, bad: BadValue) -> None:
        """Note what is wrong with the text of a role."""
        name, text = self.texts.get(role, (role, ""))
        self.reasons.append((name, text, bad))


def read_row(
    number: int, cells: Sequence[str], understood: Sequence[Understood], grid: Grid, terms: Terms
) -> Read:
    """Return what one row says, or all that is wrong with it."""
    row = _Row()
    for one in understood:
        if not one.role:
            continue
        text = cells[one.place] if one.place < len(cells) else ""
        row.texts[one.role] = one.header, text
        try:
            if (number, one.place) in grid.spoiled:
                raise grid.spoiled[number, one.place]
            row.texts[one.role] = one.header, plain(text)
        except BadValue as bad:
            row.refuse(one.role, bad)
    _check_title(row)
    _check_more_than_title(row, cells, understood)
    texts = {role: text for role, (_, text) in row.texts.items() if role in _unsaid(terms.table)}
    texts.update(
        {role: texts.get(role) or text for role, text in terms.fixed.items() if role in _unsaid(terms.table)}
    )
    texts.update(_credit_texts(row, understood, terms))
    _check_needed(row, texts, terms.table)
    _check_overlooked(row, cells, understood, texts)
    if "url" in texts:
        texts["url"] = without_session(texts["url"])
    if "provider" in _unsaid(terms.table):
        texts["provider"] = terms.provider
    if not row.reasons and "offering_id" in _unsaid(terms.table):
        try:
            texts["offering_id"] = native_id(
                row.text("offering_id"), texts.get("url", ""), texts["title"], terms.provider
            )
        except BadValue as bad:
            row.refuse("title", bad)
    # A shop's own number is not the content's: another shop may number other courses likewise.
    own = texts.get("course_id", "")
    if own and ":" not in own and row.texts.get("offering_id", ("",))[0] != "offering_id":
        texts["course_id"] = f"{terms.provider}:{own}"
    return _parsed(row, texts, terms)


def plain(text: str) -> str:
    """Return a cell's text in one line, or refuse what no catalog should hold."""
    if "\0" in text:
        raise BadValue(problem="there is a NUL byte", remedy="Delete it: text has none.")
    tidy = _LINE_BREAKS.sub(" ", _ZERO_WIDTH.sub("", text)).strip()
    if tidy.upper() in _ERRORS:
        problem = "it is an error of a spreadsheet"
        raise BadValue(problem, "Mend the formula there, and save the file again.")
    if "\ufffd" in tidy:
        problem = "a letter was lost when the file was saved in another encoding"
        raise BadValue(problem, "Write it again.")
    if _CONTROL.search(tidy):
        problem = "it holds a control character, which could steer a terminal"
        raise BadValue(problem, "Delete it.")
    return tidy


def _check_title(row: _Row) -> None:
    title = row.text("title")
    if not title:
        bad = BadValue(
            "there is no title", "Write the course's name; a merged cell names only its first row."
        )
    elif len(title) > LONGEST_TITLE:
        bad = BadValue(
            f"a title of more than {LONGEST_TITLE} characters is some other text", "Write the title."
        )
    elif _SUMS.fullmatch(title):
        bad = BadValue("it is a sum of other rows, not a course", "Delete the row.")
    else:
        bad = None
    if bad is not None and not any(name == row.texts.get("title", ("",))[0] for name, _, _ in row.reasons):
        row.refuse("title", bad)
    for role in ("title", "note", "offering_id", "course_id"):
        if is_run(row.text(role)):
            problem = "a spreadsheet would run it as a formula"
            row.refuse(role, BadValue(problem, "Write the text without the sign at its start."))


def _check_more_than_title(row: _Row, cells: Sequence[str], understood: Sequence[Understood]) -> None:
    """Refuse a row with a title alone where columns of price or credit are: a heading of others, or a footnote."""
    sold = any(one.role == "price" or one.role.startswith(CREDIT) for one in understood)
    if sold and row.text("title") and sum(bool(text.strip()) for text in cells) == 1:
        problem = "nothing but a title is in its row, as in a heading or a footnote"
        row.refuse(
            "title", BadValue(problem, "Delete the row; or write its price or credit if it is a course.")
        )


def _check_needed(row: _Row, texts: Mapping[str, str], table: Table) -> None:
    """Refuse a line of a transcript without a date or credit; an offering may lack its credit."""
    if table is OFFERINGS:
        return
    refused = {name for name, _, _ in row.reasons}
    for column in table.columns:
        if (
            column.needed
            and not texts.get(column.name)
            and row.texts.get(column.name, ("",))[0] not in refused
        ):
            problem = f"there is no {column.name}"
            row.refuse(column.name, BadValue(problem, f"Write it: {column.meaning}."))


def _check_overlooked(
    row: _Row, cells: Sequence[str], understood: Sequence[Understood], texts: Mapping[str, str]
) -> None:
    """Refuse a row whose price or credit is empty while a column that was left out states one."""
    for one in understood:
        text = cells[one.place] if one.place < len(cells) else ""
        if one.role or one.why == SAID or not text.strip():
            continue
        for role, states in (("price", is_priced), (CREDIT, is_stated_with_unit)):
            if role in texts and not texts[role] and states(text):
                problem = f"it states {'money' if role == 'price' else 'credit'}, and the {role} is empty"
                remedy = f'Fill in the {role}; or say --column "{one.header}=" if it is something else.'
                row.reasons.append((one.header, text.strip(), BadValue(problem, remedy)))


def _credit_texts(row: _Row, understood: Sequence[Understood], terms: Terms) -> dict[str, str]:
    """Return the credit and its unit out of all columns that speak of them, where these agree."""
    stated: dict[str, StatedCredit] = {}
    units: dict[str, str] = {}
    for one in understood:
        text = row.text(one.role)
        if not text or not (one.role == CREDIT or one.role.startswith(f"{CREDIT}:")):
            continue
        if one.role != CREDIT and re.fullmatch(r"0*(?:\.0*)?|[-–—]", text):
            continue  # none in this category: a table says so with 0 or a dash
        try:
            stated[one.role] = parse_stated(text)
        except BadValue as bad:
            row.refuse(one.role, bad)
            continue
        if stated[one.role].in_ceus and one.unit and not one.unit.endswith("_ceu"):
            problem = f"the cell says CEUs, and its header {one.unit}"
            row.refuse(one.role, BadValue(problem, "Write which of the two it is."))
        for unit in (stated[one.role].unit, one.unit):
            if unit:
                units.setdefault(unit, one.role)
    try:
        parts = _parts(stated, row)
    except BadValue as bad:
        row.refuse(CREDIT, bad)
        return {}
    unit = _unit(row, units) or (terms.unit if parts else "")
    return {CREDIT: write_credits(parts), **({"unit": unit} if unit else {})}


def _parts(stated: Mapping[str, StatedCredit], row: _Row) -> tuple[Part, ...]:
    total = stated[CREDIT].parts if CREDIT in stated else ()
    by_category: list[Part] = []
    for role, credit in stated.items():
        if role == CREDIT:
            continue
        category = role.partition(":")[2]
        if [part.categories for part in credit.parts] not in ([("any",)], [(category,)]):
            problem = f"a column of {category} credit says another category"
            raise BadValue(problem, "Write the amount alone.")
        by_category.append(Part((category,), credit.parts[0].hundredths))
    bare = [part.categories for part in total] == [("any",)]
    if by_category and total:
        summed = sum(part.hundredths for part in by_category)
        if not bare or total[0].hundredths != summed:
            problem = f"the credit by category adds up to {write_amount(summed)}, and the whole is said to be another"
            raise BadValue(problem, "Correct the amounts, or leave one of the columns out.")
    word = row.text(CATEGORY)
    if word and total and not by_category:
        category = CATEGORY_WORDS.get(word.casefold(), word.casefold())
        if not bare and any(part.categories != (category,) for part in total):
            problem = f'the credit and the category "{word}" disagree'
            raise BadValue(problem, "Correct one of them.")
        return tuple(Part((category,), part.hundredths) for part in total)
    return tuple(by_category) or total


def _unit(row: _Row, units: Mapping[str, str]) -> str:
    """Return the one unit a row names in its columns, or refuse it if they differ."""
    own = row.text("unit")
    try:
        said = parse_unit(own) if own else ""
    except BadValue:
        return own  # refused with the other cells
    named = [*dict.fromkeys([*([said] if said else []), *units])]
    if len(named) > 1:
        problem = f"its unit is said to be {named[0]} and {named[1]}"
        role = units.get(named[1], CREDIT)
        row.refuse(role, BadValue(problem, "Correct one of them, or leave out the column that says it."))
    return named[0] if named else ""


def _parsed(row: _Row, texts: Mapping[str, str], terms: Terms) -> Read:
    values = dict(_unsaid(terms.table))
    refused = {name for name, _, _ in row.reasons}
    for role, text in texts.items():
        column = terms.table.column(role)
        name = row.texts.get(role, (role, ""))[0]
        try:
            values[role] = value = _parse(column, text)
            for bad in unknown_references(column, value, terms.table, terms.passes):
                row.reasons.append((name, text, bad))
        except BadValue as bad:
            if name not in refused:
                row.reasons.append((name, text, bad))
    if row.reasons:
        return Read({}, tuple(row.reasons))
    for column in terms.table.columns:
        if column.copies in values:
            values[column.name] = values[column.name] or values[column.copies]
    return Read(values)


@cache
def _unsaid(table: Table) -> Mapping[str, Any]:
    """Return what each column holds of which a row says nothing."""
    return {
        column.name: column.form.unknown if column.filled else parse_cell(column, "")
        for column in table.columns
    }


def _parse(column: Column, text: str) -> Any:
    """Return a cell's value, and refuse what a catalog's form lets through and an import should not."""
    if text and column.form is forms.URL:
        check_address(text)
    if text and column.form is forms.APPROVALS and names_no_approver(text):
        problem = "it does not name an approver"
        raise BadValue(problem, "Write who approves it, such as aama, with the number if any: aama#134207.")
    try:
        return parse_cell(column, text)
    except BadValue:
        if column.form is forms.DAY and _DAY_NUMBER.fullmatch(text):
            problem = "it is a number, as spreadsheets store days"
            remedy = "Format the column as a date there, save the file and import it again."
            raise BadValue(problem, remedy) from None
        raise


def check_address(text: str) -> None:
    """Refuse what is not one web address."""
    if not _ADDRESS.fullmatch(text):
        problem = "it is not a web address"
        raise BadValue(
            problem, "Write it whole, such as https://example.org/course; leave it empty if unknown."
        )
    if "://" in re.split(r"[?#]", text)[0][8:]:
        problem = "it holds two addresses, one behind the other"
        raise BadValue(problem, "Write the one that leads to the course.")
