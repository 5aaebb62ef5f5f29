"""What every answer carries, and what a page from elsewhere cannot do."""

import pytest

from tests.app.boards import refused_with
from tests.app.driving import Meeting, Rondom, meeting_in


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "agreement")


def test_every_answer_carries_the_protecting_headers(meeting: Meeting, rondom: Rondom):
    browser = meeting.sami.browser
    for path in (f"/m/{meeting.sami.id}", f"/api/m/{meeting.sami.id}", "/u/x", "/danger", "/nergens", "/api/nergens"):
        headers = browser.get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-robots-tag"].startswith("noindex")
        assert "server" not in headers or headers["server"] != "uvicorn"


def test_no_page_has_a_script_or_style_of_its_own_or_anything_from_elsewhere(meeting: Meeting):
    for path in (f"/m/{meeting.sami.id}", f"/m/{meeting.marieke.id}/circle", "/u/x", "/danger"):
        page = meeting.marieke.browser.get(path).text if "circle" in path else meeting.sami.browser.get(path).text
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        for part in page.split("<script")[1:]:
            assert 'src="/assets/' in part.split(">")[0] or 'type="application/json"' in part.split(">")[0]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elders.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_page_from_elsewhere_cannot_act_for_somebody(meeting: Meeting, headers: dict[str, str]):
    answer = meeting.oma.browser.post(f"/api/m/{meeting.oma.id}/agreements/eten/yes", json={}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["code"] == "from_elsewhere"
    assert meeting.oma.state()["agreements"][0]["mine"] == "open"


async def test_a_page_from_elsewhere_cannot_open_a_websocket(meeting: Meeting):
    assert await refused_with(meeting.oma, "plan", Origin="https://elders.example") == 403
    assert await refused_with(meeting.oma, "plan", Origin=meeting.rondom.origin) == 101


def test_another_host_name_is_refused(meeting: Meeting):
    assert meeting.oma.browser.get("/danger", headers={"host": "elders.example"}).status_code == 400


def test_built_files_may_be_kept_and_pages_may_not(meeting: Meeting):
    page = meeting.sami.browser.get(f"/m/{meeting.sami.id}").text
    asset = page.split('href="/assets/')[1].split('"')[0]
    answer = meeting.sami.browser.get(f"/assets/{asset}")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


def test_the_api_tells_what_it_can_do(meeting: Meeting):
    paths = meeting.sami.browser.get("/api/openapi.json").json()["paths"]
    assert "/api/m/{participant}/moves/{move}" in paths
    assert "/api/enter" in paths
    assert not any(path.startswith("/m/") for path in paths)
