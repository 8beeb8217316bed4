"""What a user says about a file's columns, held against the columns there are."""

from collections.abc import Iterable, Mapping, Sequence

from catalogs.faults import BadValue, Fault, FlagFaults, did_you_mean
from catalogs.recognizing import check_role
from catalogs.schema import Table

_FLAG = "--column"


def said_columns(flags: Iterable[str], table: Table) -> dict[str, str]:
    """Return the role of each column as flags such as `Cost=price` or `Notes=` say it, or raise `FlagFaults`."""
    roles: dict[str, str] = {}
    faults: list[Fault] = []
    for flag in flags:
        name, equals, role = (part.strip() for part in flag.rpartition("="))
        name = " ".join(name.split())
        try:
            if not equals or not name:
                problem = "it does not name a column and what it is"
                raise BadValue(problem, 'Write it like "Cost=price", or "Cost=" to leave the column out.')
            if name in roles and roles[name] != role:
                problem = f'the column "{name}" is said to be two things'
                raise BadValue(problem, "Say one of them.")
            if role and role in roles.values():
                other = next(other for other, known in roles.items() if known == role)
                if other != name:
                    problem = f'the columns "{other}" and "{name}" are both said to be the {role}'
                    raise BadValue(problem, "Say it of one of them.")
            check_role(role, table)
            roles[name] = role
        except BadValue as bad:
            faults.append(bad.at(_FLAG, None, None, flag))
    if faults:
        raise FlagFaults(faults)
    return roles


def check_said(roles: Mapping[str, str], names: Sequence[str]) -> None:
    """Refuse flags that name a column the file does not have."""
    faults = []
    for name in roles:
        if name not in names:
            listed = ", ".join(f'"{one}"' for one in names[:20])
            remedy = f"Its columns are {listed}.{did_you_mean(name, names)}"
            said = f"{name}={roles[name]}"
            faults.append(Fault(_FLAG, None, None, said, "the file has no such column", remedy))
    if faults:
        raise FlagFaults(faults)
