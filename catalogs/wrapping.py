"""Text for people: measured as a terminal shows it, and broken into lines of a width."""

from unicodedata import east_asian_width

from catalogs.faults import shown

LONGEST = 2_000
NO_BREAK = "\N{NO-BREAK SPACE}"


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def wrapped(text: str, width: int, first: str = "", rest: str = "", longest: int = LONGEST) -> list[str]:
    """Return text, made safe to print, in lines of a width; only a word longer than a line is broken.

    Lines start with `first` or `rest`; none ends at a no-break space, which is printed as a space.
    A text of more than `longest` characters is shortened, marked with `…`.
    """
    lines, fresh = [first], True
    for each in filter(None, shown(text, longest).split(" ")):
        word = each if fresh else f" {each}"
        if columns_of(lines[-1] + word) > width:
            word = each
            if not fresh:
                lines.append(rest)
            while len(word) > 1 and columns_of(lines[-1] + word) > width:
                head = _fitting(word, width - columns_of(lines[-1]))
                lines[-1] += word[:head]
                lines.append(rest)
                word = word[head:]
        lines[-1] += word
        fresh = False
    return [line.replace(NO_BREAK, " ").rstrip() for line in lines]


def _fitting(word: str, columns: int) -> int:
    """Return how many characters of a word to put in the columns: an address is broken behind a slash if it can be."""
    length = 1
    while length < len(word) - 1 and columns_of(word[: length + 1]) <= columns:
        length += 1
    slash = word.rfind("/", 0, length) + 1
    return slash if slash > length // 2 else length


def padded(text: str, columns: int, right: bool = False) -> str:
    """Return text with spaces behind it, or before it, up to so many columns."""
    gap = " " * (columns - columns_of(text))
    return gap + text if right else text + gap
