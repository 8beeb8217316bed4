"""The parser and the writer of every sort of cell: text to an exact value or `BadValue`, and back.

A parser takes text that is not empty; a writer's text is read back as the same value.
"""

from catalogs.amounts import (
    parse_amount,
    parse_minutes,
    parse_money,
    whole_parser,
    write_amount,
    write_minutes,
    write_money,
)
from catalogs.credits import parse_approvals, parse_credits, write_approvals, write_credits
from catalogs.days import parse_day, parse_month_day, write_day, write_month_day
from catalogs.faults import BadValue
from catalogs.words import (
    UNITS,
    list_parser,
    one_of,
    parse_benefit,
    parse_id,
    parse_ids,
    parse_text,
    parse_unit,
    parse_yes_no,
    write_benefit,
    write_list,
    write_yes_no,
)

__all__ = [
    "UNITS",
    "BadValue",
    "list_parser",
    "one_of",
    "parse_amount",
    "parse_approvals",
    "parse_benefit",
    "parse_credits",
    "parse_day",
    "parse_id",
    "parse_ids",
    "parse_minutes",
    "parse_money",
    "parse_month_day",
    "parse_text",
    "parse_unit",
    "parse_yes_no",
    "whole_parser",
    "write_amount",
    "write_approvals",
    "write_benefit",
    "write_credits",
    "write_day",
    "write_list",
    "write_minutes",
    "write_money",
    "write_month_day",
    "write_yes_no",
]
