"""What must hold between the keys of a credential's versions; each fault is noted at its place."""

from collections.abc import Sequence

from catalogs.faults import did_you_mean
from optimizer.credential import Cap, Requirement, Route, Version
from optimizer.credential_keys import DEFAULT_ROUTE
from optimizer.toml_reading import Place

# A value that was refused is None here, whatever its type says; its own fault is noted already.


def check_versions(versions: Sequence[Version], place: Place) -> None:
    """Note what is wrong within and between versions, which stand in the file's order."""
    dates = [version.effective for version in versions]
    for number, version in enumerate(versions, start=1):
        at = place.nth(number)
        _check_names("requirement", version.requirements, at)
        _check_names("cap", version.caps, at)
        _check_names("route", version.routes, at)
        _check_requirements(version, at)
        _check_caps(version, at)
        for which, route in enumerate(version.routes, start=1):
            if route.name in (DEFAULT_ROUTE, "any"):
                name = at.key("route").nth(which).key("name")
                name.refuse(route.name, "the word has a meaning of its own", "Choose another name.")
        earlier = dates.index(version.effective) + 1
        if version.effective is not None and earlier < number:
            problem = f"version[{earlier}] takes effect on that day too"
            at.key("effective").refuse(version.effective, problem, "Give each version a day of its own.")


def _check_names(
    key: str, rules: Sequence[Requirement] | Sequence[Cap] | Sequence[Route], place: Place
) -> None:
    names = [rule.name for rule in rules]
    for number, name in enumerate(names, start=1):
        earlier = names.index(name) + 1
        if name and earlier < number:
            at = place.key(key).nth(number).key("name")
            at.refuse(name, f"{key}[{earlier}] has that name too", "Give each a name of its own.")


def _check_requirements(version: Version, place: Place) -> None:
    at = place.key("requirement")
    for number, requirement in enumerate(version.requirements, start=1):
        _check_route(requirement, version, at.nth(number))
        months = requirement.every_months
        if months and version.cycle_months and months > version.cycle_months:
            remedy = f"Write at most {version.cycle_months}, the months of the cycle."
            at.nth(number).key("every_months").refuse(months, "it is longer than the cycle", remedy)
        windows = [key for key in ("every_months", "within_months", "ever") if getattr(requirement, key)]
        if len(windows) > 1:
            problem, remedy = (
                f"it has {' and '.join(windows)}",
                "Keep one of them: each names the days it looks at.",
            )
            at.nth(number).refuse(None, problem, remedy)
    if (
        not any(requirement.route == DEFAULT_ROUTE for requirement in version.requirements)
        and not at.refused()
    ):
        remedy = "Add a [[version.requirement]] without a route."
        at.refuse(None, f"no requirement binds on the route {DEFAULT_ROUTE}", remedy)


def _check_caps(version: Version, place: Place) -> None:
    for number, cap in enumerate(version.caps, start=1):
        at = place.key("cap").nth(number)
        _check_route(cap, version, at)
        if cap.at_most is None and cap.items_at_most is None and not at.refused():
            at.refuse(None, "it limits nothing", "Add at_most, items_at_most or both.")


def _check_route(rule: Requirement | Cap, version: Version, place: Place) -> None:
    known = (DEFAULT_ROUTE, *(route.name for route in version.routes if route.name))
    if rule.route and rule.route not in known:
        remedy = f"Add a [[version.route]] of that name, or remove the key.{did_you_mean(rule.route, known)}"
        place.key("route").refuse(rule.route, "no route has that name", remedy)
