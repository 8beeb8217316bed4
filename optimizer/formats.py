"""The formats of a plan: each is one function of the plan and its question, imported when it is asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optimizer.plan import Plan
    from optimizer.question import Question

FORMATS = {
    "html": "optimizer.report.page:html_of",
    "text": "optimizer.text:text_of",
    "csv": "optimizer.plan_csv:csv_of",
    "ics": "optimizer.plan_ics:ics_of",
    "md": "optimizer.plan_markdown:markdown_of",
}
"""Each format's function: a verified plan, its question and a width in columns in, the whole text out.

`json` is not here: it is what verification reads, and is written before any other.
"""


def formatted(plan: "Plan", question: "Question", format_: str, width: int) -> str:
    """Return a verified plan in one of `FORMATS`."""
    module, name = FORMATS[format_].split(":")
    written: str = getattr(import_module(module), name)(plan, question, width)
    return written
