"""`ceuplan audit`: what a transcript counts, proved like a plan."""

from typing import Annotated, Any

import typer

from optimizer.commands.options import (
    AsOf,
    CredentialIds,
    CycleStart,
    Deadline,
    EarnedCredit,
    Output,
    Profile,
    Sources,
    Transcript,
    day,
)
from optimizer.commands.output import (
    USAGE,
    check_format,
    check_output,
    proved_json,
    stop,
    width,
    write,
    write_notes,
)


def audit(
    profile: Profile = None,
    credential: CredentialIds = None,
    deadline: Deadline = None,
    cycle_start: CycleStart = None,
    earned: EarnedCredit = None,
    transcript: Transcript = None,
    catalog: Sources = None,
    as_of: AsOf = None,
    format_: Annotated[str, typer.Option("--format", metavar="text|json", help="How to answer.")] = "text",
    output: Output = None,
) -> None:
    """Print what you have earned: what counts, what is missing, and what is void and why.

    Example: ceuplan audit --transcript transcript.csv --deadline 2027-06-30
    """
    check_format(format_, ("text", "json"))
    check_output(output, [profile, transcript, *(catalog or [])])

    import json

    from optimizer.asking import ask
    from optimizer.audit import audit as audited
    from optimizer.audit_text import audit_text
    from optimizer.plan import json_of
    from optimizer.planning import NotBuiltYet

    flags: dict[str, Any] = {
        "credential": credential or (), "deadline": deadline, "cycle_start": cycle_start,
        "earned": earned or (), "transcript": transcript,
    }  # fmt: skip
    asked = ask(profile, flags, catalog or [], day(as_of), 60.0, lapsed=True)
    try:
        found, nothing_taken = audited(asked.question)
    except NotBuiltYet as refused:
        stop(USAGE, "".join(f"Not built yet: {wish}.\n" for wish in refused.wishes))
    proved_json("The audit", nothing_taken, asked.question, lapsed=True)
    write_notes(asked.notes)
    if format_ == "json":
        write(json.dumps(json_of(found), indent=1) + "\n", output)
    else:
        write(audit_text(found, width(output)), output)
