"""Plans go into a board as whole values and come out as the same values, whatever else was typed there."""

import secrets
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Map, Text

from meetings.boards.document import read_plan, update_with_plan
from meetings.plan.values import Agreement, InRhythm, OnDate, PlanValues, Review

words = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40)
ids = st.sampled_from(["sami", "mama", "oma", "ahmed"])
whens = st.one_of(
    st.none(),
    st.builds(OnDate, kind=st.just("date"), date=st.dates(date(2026, 1, 1), date(2030, 1, 1))),
    st.builds(
        InRhythm,
        kind=st.just("rhythm"),
        every=st.sampled_from(["day", "week", "two_weeks", "month"]),
        days=st.lists(st.sampled_from(["mo", "we", "su"]), unique=True).map(tuple),
    ),
)
agreements = st.builds(
    Agreement,
    row=st.text("abcdefgh", min_size=3, max_size=3),
    who=st.lists(ids, unique=True).map(lambda who: tuple(sorted(who))),
    what=words,
    when=whens,
    checker=st.one_of(st.none(), ids),
    otherwise=words,
)
plans = st.builds(
    PlanValues,
    agreements=st.lists(agreements, unique_by=lambda agreement: agreement.row, max_size=6).map(tuple),
    review=st.builds(Review, date=st.dates(date(2026, 1, 1), date(2030, 1, 1)), convener=ids),
)


def document_with(*updates: bytes) -> "Doc":
    document: Doc = Doc()
    for update in updates:
        document.apply_update(update)
    return document


def read(document: "Doc") -> PlanValues:
    return read_plan(document, "agreements", "review")


@given(plans)
def test_a_plan_that_is_written_is_read_back_in_its_order(plan: PlanValues):
    assert read(document_with(update_with_plan(None, plan, "agreements", "review"))) == plan


@given(plans, plans)
def test_writing_another_plan_over_one_leaves_exactly_the_other(first: PlanValues, second: PlanValues):
    written = update_with_plan(None, first, "agreements", "review")
    document = document_with(written)
    again = update_with_plan(document.get_update(), second, "agreements", "review")
    assert read(document_with(written, again)) == second


@given(plans)
def test_writing_the_same_plan_twice_touches_no_text(plan: PlanValues):
    written = update_with_plan(None, plan, "agreements", "review")
    document = document_with(written)
    rows = document.get("agreements", type=Map)
    texts = [rows[row]["what"] for row in rows]
    seen: list[object] = []
    for what in texts:
        what.observe(seen.append)
    document.apply_update(update_with_plan(document.get_update(), plan, "agreements", "review"))
    assert seen == []


def test_a_removed_line_is_not_part_of_the_plan_and_its_words_are_kept():
    plan = PlanValues(agreements=(Agreement(row="a1", what="eet mee"),))
    document = document_with(update_with_plan(None, plan, "agreements", "review"))
    document.get("agreements", type=Map)["a1"]["removed"] = True
    assert read(document).agreements == ()
    assert str(document.get("agreements", type=Map)["a1"]["what"]) == "eet mee"


def test_what_no_screen_of_ours_can_have_made_is_read_as_empty():
    document: Doc = Doc()
    rows = document.get("agreements", type=Map)
    rows["a1"] = Map({"order": "a0", "what": Text("belt"), "when": {"kind": "someday"}, "who": "oma", "checker": 7})
    rows["a2"] = "no line at all"
    rows["no id!"] = Map({"order": "a1", "what": Text("eet")})
    rows["a3"] = Map({"order": 3, "what": Text("\x00NUL")})
    document.get("review", type=Map)["date"] = "soon"
    plan = read(document)
    assert [(a.row, a.what, a.when, a.who) for a in plan.agreements] == [
        ("a3", "NUL", None, ()),
        ("a1", "belt", None, ()),
    ]
    assert plan.review == Review()


def test_a_board_of_another_shape_is_an_empty_plan():
    document: Doc = Doc()
    document.get("agreements", type=Text).insert(0, secrets.token_hex(4))
    assert read(document) == PlanValues()


@given(agreements, words)
def test_a_yes_belongs_to_the_words_and_not_to_the_row_or_the_order_of_names(agreement: Agreement, other: str):
    assert agreement.hash == agreement.model_copy(update={"row": "zzz"}).hash
    assert agreement.hash == agreement.model_copy(update={"who": tuple(reversed(agreement.who))}).hash
    if other.strip() != agreement.what.strip():
        assert agreement.hash != agreement.model_copy(update={"what": other}).hash
