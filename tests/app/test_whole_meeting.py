"""A program drives a whole meeting by the JSON API alone, from the first yes to the plan everybody signed."""

from tests.app.driving import Rondom, meeting_in
from tests.stores import on_both_stores

pytestmark = on_both_stores


def test_a_meeting_goes_from_the_first_yes_to_a_signed_plan(rondom: Rondom):
    meeting = meeting_in(rondom, "follow_up")
    plan = meeting.oma.browser.get(f"/api/m/{meeting.oma.id}/plan").json()
    assert [agreement["what"] for agreement in plan["values"]["agreements"]] == [
        "eet op woensdag met Sami",
        "belt op vrijdag met mama",
    ]
    assert sorted(signature["name"] for signature in plan["signatures"]) == ["Linda", "Oma Fatma", "Sami"]
    assert plan["waiting"] == []
