"""Time the stages of one plan in one process: reading, planning, verifying.

uv run python -m benchmarks.stages FOLDER --deadline 2027-10-31
"""

import argparse
import json
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.tutorial import AS_OF
from catalogs.loading import load, offerings_of, passes_of
from optimizer.credential_file import load_shipped
from optimizer.learner_file import learner_from
from optimizer.plan import to_json
from optimizer.planning import plan_for
from optimizer.question import Question
from optimizer.verify import verify


def main() -> None:
    """Print the status, the cost and the seconds of each stage as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--deadline", type=date.fromisoformat, required=True)
    given = parser.parse_args()
    clock, busy = [perf_counter()], [process_time()]

    def tick() -> None:
        clock.append(perf_counter())
        busy.append(process_time())

    catalog = load([given.folder])
    tick()
    passes = passes_of(catalog)
    known = [one.pass_id for one in passes]
    mapping = {"credential": [{"id": "cma-aama", "deadline": given.deadline}]}
    learner = learner_from(mapping, "the benchmark", AS_OF, known)
    rules = (load_shipped("cma-aama"),)
    offerings = offerings_of(catalog)
    question = Question(learner, "the benchmark", rules, offerings, passes, catalog.hashed, AS_OF, 60.0)
    plan = plan_for(question)
    tick()
    written = json.loads(json.dumps(to_json(plan)))
    violations = verify(written, (question.offerings, passes, catalog.digest), load_shipped)
    tick()
    assert not violations, violations
    stages = ("reading", "planning", "verifying")
    print(
        json.dumps(
            {
                "status": plan.status,
                "cost": plan.cost,
                "bound": plan.bound,
                "times": {name: clock[n + 1] - clock[n] for n, name in enumerate(stages)},
                "busy": {name: busy[n + 1] - busy[n] for n, name in enumerate(stages)},
            }
        )
    )


if __name__ == "__main__":
    main()
