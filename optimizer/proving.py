"""A plan → its JSON and every rule that JSON breaks: what stands behind each answer that is shown."""

import json
from functools import cache
from typing import TYPE_CHECKING

from optimizer.credential import Credential
from optimizer.credential_file import load_shipped
from optimizer.plan import to_json
from optimizer.verify import Violation, verify

if TYPE_CHECKING:
    from optimizer.plan import Plan
    from optimizer.question import Question


@cache
def _shipped(credential_id: str) -> Credential:
    """Return a shipped credential, read once however many plans rest on it."""
    return load_shipped(credential_id)


def json_and_violations(
    plan: "Plan", question: "Question", *, lapsed: bool = False
) -> tuple[str, tuple[Violation, ...]]:
    """Return a plan's JSON, and what is wrong with it when it is proved again from what it says."""
    written = json.dumps(to_json(plan), indent=1) + "\n"
    tables = (question.offerings, question.passes, question.digest)
    return written, verify(json.loads(written), tables, _shipped, lapsed=lapsed)
