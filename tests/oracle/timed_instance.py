"""An instance with weekly hours, days away, several credentials or parts of a cycle, and the files it is given as."""

import tomllib
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.oracle.instances import credential_toml, learner_toml, write_catalog
from tests.oracle.making import Instance, Row, Table

RULES = ("rules.toml", "more-rules.toml")
"""The files of the first and the second credential."""


@dataclass(frozen=True)
class Timed:
    """One question for the planner, as text and plain tables."""

    seed: int
    as_of: date
    offerings: list[Row]
    passes: list[Row]
    credentials: list[Table]
    """Rules, in the order of the learner's targets."""
    learner: Table


def as_timed(instance: Instance) -> Timed:
    """Give an instance with none of what is new."""
    plain = {key: value for key, value in asdict(instance).items() if key != "credential"}
    return Timed(**plain, credentials=[instance.credential])


def alone(instance: Timed, number: int) -> Instance:
    """Give the instance with one of its credentials."""
    learner = instance.learner | {"credential": [instance.learner["credential"][number]]}
    return Instance(
        instance.seed,
        instance.as_of,
        instance.offerings,
        instance.passes,
        instance.credentials[number],
        learner,
    )


def only(instance: Timed, number: int) -> Timed:
    """Give the instance with one of its credentials, as a timed one."""
    return as_timed(alone(instance, number))


def write_timed(instance: Timed, folder: Path) -> None:
    """Write the catalog's files."""
    write_catalog(alone(instance, 0), folder)


def rules_toml(instance: Timed) -> list[str]:
    """Write each credential's rules."""
    return [credential_toml(alone(instance, number)) for number in range(len(instance.credentials))]


def timed_mapping(instance: Timed) -> Table:
    """Give what a TOML reader makes of the learner's file."""
    targets = [
        {key: value for key, value in target.items() if key != "id"} | {"file": file}
        for target, file in zip(instance.learner["credential"], RULES, strict=False)
    ]
    learner = instance.learner | {"credential": targets}
    text = learner_toml(replace(alone(instance, 0), learner=learner))
    return tomllib.loads(text, parse_float=Decimal)
