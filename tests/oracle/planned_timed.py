"""What the program itself answers to a timed instance, through its own readers, with the proof."""

import json
import tempfile
from dataclasses import replace
from pathlib import Path

from catalogs.loading import load, offerings_of, passes_of
from optimizer.credential import Credential
from optimizer.credential_file import read_credential
from optimizer.learner_file import learner_from
from optimizer.plan import Plan, to_json
from optimizer.planning import Question, plan_for
from optimizer.verify import verify
from tests.oracle.making import Table
from tests.oracle.timed_instance import RULES, Timed, rules_toml, timed_mapping, write_timed


def timed_question(instance: Timed) -> Question:
    """Read the instance the way the command does, from CSV files and TOML."""
    with tempfile.TemporaryDirectory() as folder:
        write_timed(instance, Path(folder))
        catalog = load([Path(folder)])
    credentials = tuple(
        read_credential(text.encode(), file) for text, file in zip(rules_toml(instance), RULES, strict=False)
    )
    passes = passes_of(catalog)
    known = [one.pass_id for one in passes]
    learner = learner_from(timed_mapping(instance), "learner.toml", instance.as_of, known)
    return Question(
        learner,
        "learner.toml",
        credentials,
        offerings_of(catalog),
        passes,
        catalog.digest,
        instance.as_of,
        600.0,
    )


def timed_answer(asked: Question) -> tuple[Plan, Table]:
    """Plan, and prove the plan as it is written; give its JSON too. Why there is none is asked by other tests."""
    plan = plan_for(replace(asked, explained=False))
    written = json.loads(json.dumps(to_json(plan)))
    by_name: dict[str, Credential] = {one.id: one for one in asked.credentials}
    by_name |= dict(zip(RULES, asked.credentials, strict=False))
    violations = verify(written, (asked.offerings, asked.passes, asked.digest), by_name.__getitem__)
    assert not violations, violations
    return plan, written
