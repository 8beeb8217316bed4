"""JSON Schemas of plans, explanations and carts, from the dataclasses that declare them."""

import ast
import inspect
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from optimizer import cart, explanation, plan, shapes
from optimizer.cart import Cart
from optimizer.explanation import Explanation
from optimizer.learner_keys import EARNED_OR_FLAG, FLAG_KEYS, profile_keys
from optimizer.plan import MONEY, CountedCredit, Plan, ProblemPosed
from optimizer.shapes import Shape
from optimizer.toml_reading import Keys, Read, table_shape

_SIGNED_DOLLARS: Shape = {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$"}
_DOLLARS: Shape = {"type": "string", "pattern": r"^[0-9]+\.[0-9]{2}$"}
_AMOUNT: Shape = {"type": "string", "pattern": r"^[0-9]+\.[0-9]{2,}$"}
_EXACT: Shape = {
    "description": "The fraction, where the credit is rounded.",
    **shapes.either({"type": "string", "pattern": "^[0-9]+/[0-9]+$"}, {"type": "null"}),
}
_PLAIN = {str: "string", bool: "boolean", int: "integer", type(None): "null"}


def plan_shape() -> Shape:
    """Return the shape of a plan."""
    return _of_class(Plan)


def explanation_shape() -> Shape:
    """Return the shape of an explanation."""
    return _of_class(Explanation)


def cart_shape() -> Shape:
    """Return the shape of a comparison of a receipt with a plan."""
    return _of_class(Cart)


def _of_class(cls: type) -> Shape:
    """Return the shape of a dataclass: every key is always there."""
    hints, meanings = get_type_hints(cls, include_extras=True), _meanings()
    properties: dict[str, Shape] = {}
    for field in fields(cls):
        shape = _of_type(hints[field.name], field.name)
        if field.default is not MISSING:
            shape = {"const": field.default}
        if meaning := meanings.get((cls.__name__, field.name)):
            shape = {"description": meaning, **shape}
        properties["hours" if field.name == "minutes" else field.name] = shape
    if cls is CountedCredit:
        properties["exact"] = _EXACT
    if cls is ProblemPosed:
        properties["learner"] = {**properties["learner"], **table_shape(_learner_after_flags())}
    noun = (inspect.getdoc(cls) or "").removeprefix("Hold ")
    return {"description": noun[:1].upper() + noun[1:], **shapes.closed(properties, properties)}


def _of_type(hint: Any, name: str) -> Shape:
    """Return the shape of what a field of that type is written as."""
    if words := getattr(hint, "__metadata__", None):
        return shapes.one_of(words[0])
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return shapes.either(*(_of_type(one, name) for one in inner))
    if origin is tuple:
        return shapes.array(_of_type(inner[0], ""))
    if origin is dict:
        return {
            "type": "object",
            **({} if inner[1] is Any else {"additionalProperties": _of_type(inner[1], "")}),
        }
    if hint is Plan:
        return {"$ref": "#"}  # a plan inside a plan
    if is_dataclass(hint) and isinstance(hint, type):
        return _of_class(hint)
    if hint is date:
        return shapes.DAY
    if hint is Fraction or name == "minutes":
        return _AMOUNT
    if hint is int and name in MONEY:
        return _SIGNED_DOLLARS if name in ("saves", "dearer") else _DOLLARS
    return {"type": _PLAIN[hint]}


def _learner_after_flags() -> Keys:
    """Return the keys of a learner's mapping: those of the file, and what only flags can say."""
    keys = {**profile_keys(None), **FLAG_KEYS}
    earned = keys["earned"]
    lines = Read(earned.read.by, shapes.array(table_shape(EARNED_OR_FLAG)))
    return {**keys, "earned": replace(earned, read=lines)}


@cache
def _meanings() -> Mapping[tuple[str, str], str]:
    """Return what the declarations say below their fields, by class and field."""
    found = {}
    for cls in (
        cls for module in (plan, explanation, cart) for cls in ast.parse(inspect.getsource(module)).body
    ):
        if isinstance(cls, ast.ClassDef):
            for field, below in zip(cls.body, cls.body[1:], strict=False):
                match field, below:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(
                        value=ast.Constant(value=str(said))
                    ):
                        found[cls.name, name] = said.replace("`", "").replace("None", "null")
    return found
