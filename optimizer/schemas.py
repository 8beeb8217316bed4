"""The forms that other programs read and write, as JSON Schemas made from their declarations in code.

TOML is described as the JSON with the same values: a date is a string. A schema holds what stands in one
place; what must hold between places (that a route exists, that no name comes twice) is left to the readers.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from optimizer.shapes import NAMED, Shape

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _plan() -> Shape:
    from optimizer.plan import SCHEMA_VERSION
    from optimizer.plan_schema import plan_shape

    return {
        "$id": f"urn:ceuplan:schema:plan:{SCHEMA_VERSION}",
        "title": "A plan of ceuplan, as JSON",
        **plan_shape(),
        "description": "What `ceuplan optimize --format json` writes and `ceuplan verify` proves. "
        "Amounts are decimal strings with at least two decimals, days are ISO dates, every key is always there.",
    }


def _explanation() -> Shape:
    from optimizer.plan import SCHEMA_VERSION
    from optimizer.plan_schema import explanation_shape

    return {
        "$id": f"urn:ceuplan:schema:explanation:{SCHEMA_VERSION}",
        "title": "An explanation of ceuplan, as JSON",
        **explanation_shape(),
        "description": "What `ceuplan explain --format json` writes. Amounts are decimal strings with at least two "
        "decimals, days are ISO dates, every key is always there.",
    }


def _cart() -> Shape:
    from optimizer.cart import CART_VERSION
    from optimizer.plan_schema import cart_shape

    return {
        "$id": f"urn:ceuplan:schema:cart:{CART_VERSION}",
        "title": "A receipt against a plan of ceuplan, as JSON",
        **cart_shape(),
        "description": "What `ceuplan check-cart --format json` writes. Amounts are decimal strings with two "
        "decimals, days are ISO dates, every key is always there.",
    }


def _learner() -> Shape:
    from optimizer.learner_keys import profile_keys
    from optimizer.toml_reading import table_shape

    return {
        "$id": "urn:ceuplan:schema:learner",
        "title": "A learner's file of ceuplan, TOML as JSON",
        "description": f"What `ceuplan optimize --profile` reads and `ceuplan init` writes. {_CANONICAL}",
        **table_shape(profile_keys(None)),
    }


def _credential() -> Shape:
    from optimizer.credential_keys import CREDENTIAL
    from optimizer.toml_reading import table_shape

    return {
        "$id": "urn:ceuplan:schema:credential",
        "title": "A credential's rules of ceuplan, TOML as JSON",
        "description": f"A file like those in optimizer/credentials. {_CANONICAL}",
        **table_shape(CREDENTIAL),
    }


_CANONICAL = (
    "A date is a string, 2027-06-30. ceuplan reads more spellings of the same than this schema allows."
)

SCHEMAS: Mapping[str, Callable[[], Shape]] = {
    "plan": _plan,
    "explanation": _explanation,
    "cart": _cart,
    "learner": _learner,
    "credential": _credential,
}
"""Each form's schema, by the form's name."""


def schema(form: str) -> dict[str, Any]:
    """Return the JSON Schema of a form."""
    used: set[str] = set()
    body = _with_names(SCHEMAS[form](), used)
    return {"$schema": DIALECT, **body, "$defs": {name: NAMED[name] for name in sorted(used)}}


def _with_names(piece: Any, used: set[str]) -> Any:
    """Return a piece of a schema in which every shape that has a name is referred to by it."""
    if isinstance(piece, list):
        return [_with_names(inner, used) for inner in piece]
    if not isinstance(piece, Mapping):
        return piece
    said = {"description": piece["description"]} if isinstance(piece.get("description"), str) else {}
    for name, shape in NAMED.items():
        if {**said, **shape} == piece:
            used.add(name)
            return {**said, "$ref": f"#/$defs/{name}"}
    return {key: _with_names(inner, used) for key, inner in piece.items()}


def schema_text(form: str) -> str:
    """Return a form's schema as text: the same version of the program always gives the same bytes."""
    return json.dumps(schema(form), indent=1, ensure_ascii=False) + "\n"
