"""What the program itself answers to an instance, through its own readers, with the proof."""

import json
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from catalogs.loading import load, offerings_of, passes_of
from optimizer.credential_file import read_credential
from optimizer.learner_file import learner_from
from optimizer.plan import Plan, to_json
from optimizer.planning import Question, plan_for
from optimizer.verify import verify
from tests.oracle.instances import credential_toml, learner_mapping, write_catalog
from tests.oracle.making import Instance


def question(instance: Instance) -> Question:
    """Read the instance the way the command does, from CSV files and TOML."""
    with tempfile.TemporaryDirectory() as folder:
        write_catalog(instance, Path(folder))
        catalog = load([Path(folder)])
    text = credential_toml(instance).encode()
    credential = read_credential(text, "rules.toml")
    mapping = learner_mapping(instance)
    for target in mapping["credential"]:
        target.pop("id", None)
        target["file"] = "rules.toml"
    passes = passes_of(catalog)
    learner = learner_from(mapping, "learner.toml", instance.as_of, [p.pass_id for p in passes])
    return Question(
        learner,
        "learner.toml",
        (credential,),
        offerings_of(catalog),
        passes,
        catalog.digest,
        instance.as_of,
        600.0,
    )


def answered(asked: Question) -> Plan:
    """Plan, and prove the plan as it is written; why there is none is asked by other tests."""
    plan = plan_for(replace(asked, explained=False))
    tables = (asked.offerings, asked.passes, asked.digest)
    violations = verify(json.loads(json.dumps(to_json(plan))), tables, lambda _: asked.credentials[0])
    assert not violations, violations
    return plan


def aims(plan: Plan, asked: Question) -> tuple[Fraction, int, int, int, int, int]:
    """Short, cents, minutes, purchases, enrollments and the sum of ranks."""
    ids = sorted(o.offering_id for o in (*asked.offerings, *asked.learner.offerings))
    return (
        sum((r.short for r in plan.requirements), Fraction()),
        plan.cost,
        plan.minutes,
        len(plan.purchases),
        len(plan.enrollments),
        sum(ids.index(e.offering_id) + 1 for e in plan.enrollments),
    )
