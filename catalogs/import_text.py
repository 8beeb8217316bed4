"""What an import did, as text: what each column was taken for and why, the rows refused, and the files to write."""

import csv
import io
from collections.abc import Sequence

from catalogs.cell_looks import is_run
from catalogs.faults import Fault, shown
from catalogs.importing import REASON, Imported, columns_of, filled, is_refused_before
from catalogs.schema import OFFERINGS
from catalogs.writing import csv_text

_MOST_BLOCKS, _MOST_EXAMPLES = 30, 3
_PASS_WORDS = ("subscription", "membership", "bundle", "all access", "all-access", "unlimited")


def sound_text(imported: Imported) -> str:
    """Return the sound rows as a catalog's CSV."""
    return csv_text(imported.table, columns_of(imported))


def rejected_text(imported: Imported) -> str:
    """Return the refused rows as CSV: the reason, then the cells as they were.

    What would steer a terminal is made visible, and what a spreadsheet would run stands behind an apostrophe.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    again, noun = is_refused_before(imported.headed.header), imported.headed.grid.row_noun
    writer.writerow([REASON, *map(_harmless, imported.headed.header[again:])])
    for refused in imported.refused:
        reason = f"{noun} {refused.row}: " + "; ".join(map(_reason, refused.faults))
        if again and refused.faults[0].column == REASON:
            reason = _harmless(refused.cells[0])
        writer.writerow([reason, *map(_harmless, refused.cells[again:])])
    return out.getvalue()


def _reason(fault: Fault) -> str:
    column = f"{shown(fault.column)}: " if fault.column else ""
    value = f'"{shown(fault.value)}" — ' if fault.value else ""
    return f"{column}{value}{shown(fault.problem, longest=400)}"


def _harmless(text: str) -> str:
    safe = "".join(one if one in "\n\t" else shown(one) for one in text)
    return f"'{safe}" if is_run(safe) else safe


def understanding(imported: Imported, file: str) -> list[str]:
    """Return what the file was taken for, a line each; lines that begin with spaces belong to the one before."""
    headed, noun = imported.headed, imported.headed.grid.row_noun
    named = f', "{shown(headed.grid.name)}"' if headed.grid.name else ""
    where = f", below the header in row {headed.number}" if headed.number else ""
    lines = [f"{shown(file, 300)}{named}: {_number(len(headed.body), noun)}{where}."]
    if imported.left_out:
        lines.append(f"Other sheets and tables, which are left out: {', '.join(imported.left_out[:12])}.")
    if headed.above:
        what = "Row" if len(headed.above) == 1 else "Rows"
        lines.append(f"{what} {_listed(headed.above)} above the header: left out.")
    taken = [one for one in imported.understood if one.role]
    lines += [f'  "{shown(one.header)}" is read as {_role(one.role)}: {one.why}.' for one in taken]
    by_why: dict[str, list[str]] = {}
    for one in imported.understood:
        if not one.role and not (one.why == "it is empty" and one.header.startswith("column ")):
            by_why.setdefault(one.why, []).append(f'"{shown(one.header)}"')
    lines += [f"  Left out: {', '.join(names)}: {why}." for why, names in by_why.items()]
    return lines


def _role(role: str) -> str:
    word, colon, category = role.partition(":")
    return f"{category} credit" if colon and word == "credits" else role


def outcome(imported: Imported) -> list[str]:
    """Return how the rows fared, and what the user should know about them, a sentence each."""
    noun, number = imported.headed.grid.row_noun, len(imported.values)
    lines = [f"{_number(number, noun)} imported, {len(imported.refused):,} refused."]
    if imported.repeated:
        rows = [row for row, _ in imported.repeated]
        lines.append(
            f"{_number(len(rows), noun)} said the same as another, and counted once: {_listed(rows)}."
        )
    if imported.repeated_headers:
        lines.append(f"The header stands again in {noun} {_listed(imported.repeated_headers)}: left out.")
    return lines


def notes_on(imported: Imported) -> list[str]:
    """Return what the user should know about the sound rows, a sentence each."""
    notes = list(imported.headed.grid.notes)
    number, said = len(imported.values), filled(imported)
    if not number:
        return notes
    if not said["credits"]:
        notes.append("No row says what credit it gives, so no plan can use them.")
    elif not said["unit"]:
        notes.append(
            "Nothing says what one credit is (an AAMA CEU is one hour, an IACET CEU ten), so the credit does not "
            "count. If you know it, import again with --unit, such as --unit aama_ceu."
        )
    if imported.table is OFFERINGS and not said["price"]:
        notes.append("No row says a price, so nothing of it can be bought.")
    passes = [
        row["title"]
        for row in imported.values
        if any(word in row["title"].casefold() for word in _PASS_WORDS)
    ]
    if imported.table is OFFERINGS and passes:
        what = "title speaks" if len(passes) == 1 else "titles speak"
        notes.append(
            f'{len(passes):,} {what} of a subscription, a membership or a bundle, such as "{passes[0]}". What pays '
            "for other courses belongs into passes.csv."
        )
    if imported.headed.grid.source and imported.source == imported.headed.grid.source:
        notes.append(f"The page says it was saved from {imported.source}: that is the source_url.")
    return notes


def refusals_text(imported: Imported) -> str:
    """Return the refusals as text to print: one block for all rows that are refused for the same reason."""
    alike: dict[tuple[str, str, str], list[Fault]] = {}
    for refused in imported.refused:
        for fault in refused.faults:
            alike.setdefault((fault.column or "", fault.problem, fault.remedy), []).append(fault)
    noun = imported.headed.grid.row_noun
    blocks = [_block(faults, noun) for faults in alike.values()]
    more = len(blocks) - _MOST_BLOCKS
    rest = (
        f"{_number(more, 'more reason')}: see the reasons in the file of rows refused.\n" if more > 0 else ""
    )
    return "".join(blocks[:_MOST_BLOCKS]) + rest


def _block(alike: Sequence[Fault], noun: str) -> str:
    fault, rows = alike[0], [each.row for each in alike if each.row is not None]
    values = list(dict.fromkeys(each.value for each in alike if each.value))
    place = f"{shown(fault.file, 300)}, {noun}{'s'[: len(rows) > 1]} {_listed(rows)}"
    place += f", column {shown(fault.column)}" if fault.column else ""
    said = ", ".join(f'"{shown(value)}"' for value in values[:_MOST_EXAMPLES])
    if values:
        said = f"value {said} — " if len(values) == 1 else f"values such as {said} — "
    return f"{place}: {said}{shown(fault.problem, 400)}.\n  {shown(fault.remedy, 400)}\n"


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _listed(rows: Sequence[int]) -> str:
    listed = ", ".join(map(str, sorted(rows)[:12]))
    return listed + (f" and {len(rows) - 12:,} more" if len(rows) > 12 else "")
