"""A credential's TOML file → `Credential`; the shipped ones; and which of its versions governs a deadline."""

from datetime import date
from fractions import Fraction
from hashlib import sha256
from importlib import resources
from pathlib import Path

from catalogs.faults import Fault, Faults, did_you_mean
from optimizer.credential import Credential, Version
from optimizer.credential_check import check_versions
from optimizer.credential_keys import CREDENTIAL
from optimizer.toml_reading import Place, parse_toml, read_bytes, read_table


def read_credential(data: bytes, file: str) -> Credential:
    """Return what a credential's TOML says, or raise `Faults` with everything wrong in it."""
    faults: list[Fault] = []
    place = Place(file, faults)
    said = read_table(parse_toml(data, file), CREDENTIAL, place)
    versions: tuple[Version, ...] = said.pop("version")
    check_versions(versions, place.key("version"))
    conversions = dict(said.pop("conversions"))
    if said["unit"] is not None and conversions.setdefault(said["unit"], Fraction(1)) != 1:
        at = place.key("conversions").key(said["unit"])
        at.refuse(str(conversions[said["unit"]]), "it is the credential's own unit, worth 1", "Remove it.")
    if faults:
        raise Faults(faults)
    return Credential(
        **said,
        conversions=tuple(sorted(conversions.items())),
        versions=tuple(sorted(versions, key=lambda version: version.effective)),
        text=data.decode(),
        sha256=sha256(data).hexdigest(),
    )


def shipped_ids() -> tuple[str, ...]:
    """Return the ids of the credentials that come with the program."""
    names = (entry.name for entry in resources.files("optimizer").joinpath("credentials").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_shipped(credential_id: str) -> Credential:
    """Return a credential that comes with the program, or raise `Faults` if there is none of that id."""
    known = shipped_ids()
    if credential_id not in known:
        # Acronyms collide: whoever types one is told all that have it.
        same = [one for one in known if one.partition("-")[0] == credential_id.partition("-")[0].casefold()]
        quoted = " or ".join(f'"{one}"' for one in same)
        meant = f" Did you mean {quoted}?" if same else did_you_mean(credential_id, known)
        remedy = f"Known are {', '.join(known)}; give any other as a file.{meant}"
        raise Faults([Fault("credential", None, "id", credential_id, "no such credential is known", remedy)])
    file = f"{credential_id}.toml"
    credential = read_credential(
        resources.files("optimizer").joinpath("credentials", file).read_bytes(), file
    )
    if credential.id != credential_id:
        remedy = f"Rename the file or write {credential_id}."
        raise Faults([Fault(file, None, "id", credential.id, "it is not the file's name", remedy)])
    return credential


def load_file(path: Path) -> Credential:
    """Return the credential of a file, or raise `Faults`."""
    return read_credential(read_bytes(path), str(path))


def governing(credential: Credential, deadline: date) -> Version:
    """Return the newest version effective on or before the deadline, or raise `Faults` if there is none."""
    for version in reversed(credential.versions):
        if version.effective <= deadline:
            return version
    first = credential.versions[0].effective
    problem = f"the rules known of {credential.id} start on {first}"
    remedy = "Correct the deadline, or add a [[version]] with the rules of that time."
    raise Faults([Fault(f"{credential.id}.toml", None, "deadline", str(deadline), problem, remedy)])
