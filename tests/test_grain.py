"""What is missing is always a whole number of grains: each case is solved as the linear program it is."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from pulp import HiGHS, LpMinimize, LpProblem, lpSum

from optimizer.grain import grain_of

QUARTER = Fraction(1, 4)
TOTAL, ADMINISTRATIVE, CLINICAL, APPROVED, CAP = range(5)


def least_short(parts, needs, caps):
    """Return what is missing at least; `parts` are amounts with the sets of rules they may serve."""
    program = LpProblem("missing", LpMinimize)
    short = {rule: program.add_variable(f"short{rule}", 0) for rule in needs}
    counted = {
        (part, way): program.add_variable(f"counted{part}_{way}", 0)
        for part, (_, options) in enumerate(parts)
        for way in range(len(options))
    }
    for part, (amount, options) in enumerate(parts):
        program += lpSum(counted[part, way] for way in range(len(options))) <= float(amount)

    def serving(rule):
        return lpSum(one for (part, way), one in counted.items() if rule in parts[part][1][way])

    for rule, least in needs.items():
        program += serving(rule) + short[rule] >= float(least)
    for rule, most in caps.items():
        program += serving(rule) <= float(most)
    program.setObjective(lpSum(short.values()))
    return program.solve(HiGHS(msg=False)).objective


def grain(parts, needs, caps):
    amounts = [amount for amount, _ in parts]
    return grain_of([options for _, options in parts], [*amounts, *needs.values(), *caps.values()])


def test_categories_within_a_total_beside_an_approval():
    """Who approves goes by whole parts, a category by the way a part is counted: two families."""
    split = ((TOTAL, ADMINISTRATIVE, APPROVED), (TOTAL, CLINICAL, APPROVED))
    parts = [(Fraction(3, 4), split), (Fraction(1), ((TOTAL, CLINICAL),))]
    needs = {TOTAL: Fraction(2), ADMINISTRATIVE: Fraction(1), CLINICAL: Fraction(1), APPROVED: Fraction(1)}

    # total 2 - 1.75, administrative 1 - 0.75, clinical 1 - 1, approved 1 - 0.75
    assert grain(parts, needs, {}) == QUARTER
    assert least_short(parts, needs, {}) == 0.75


def test_no_grain_where_three_caps_overlap_in_pairs():
    """Each two of three parts share a cap of 1, so half of each counts: 1.5 of 3, though all amounts are whole."""
    parts = [(Fraction(1), ((0, 1, 2),)), (Fraction(1), ((0, 2, 3),)), (Fraction(1), ((0, 1, 3),))]
    needs, caps = {0: Fraction(3)}, {1: Fraction(1), 2: Fraction(1), 3: Fraction(1)}

    assert least_short(parts, needs, caps) == 1.5
    assert grain(parts, needs, caps) is None


def test_nothing_to_count_has_no_grain():
    assert grain_of([], []) is None


@given(st.data())
def test_what_is_missing_is_a_whole_number_of_grains(data):
    rules = st.sets(st.integers(0, 5), min_size=1, max_size=4).map(lambda one: tuple(sorted(one)))
    ways = st.lists(rules, min_size=1, max_size=3, unique=True).map(lambda one: tuple(sorted(one)))
    amounts = st.integers(1, 12).map(lambda quarters: Fraction(quarters, 4))
    parts = data.draw(st.lists(st.tuples(amounts, ways), min_size=1, max_size=5))
    needs = {rule: data.draw(amounts) for rule in range(4)}
    caps = {rule: data.draw(amounts) for rule in (4, 5)}
    if (step := grain(parts, needs, caps)) is None:
        return
    grains = least_short(parts, needs, caps) / float(step)

    assert abs(grains - round(grains)) < 1e-6
