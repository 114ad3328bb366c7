"""Who may talk to the page: this computer's browser, from the page itself."""

import pytest

from tests.platforms.web.conftest import Browser

SAY = {"event": "12345678", "room": "welcome", "text": "hello"}


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1", "127.0.0.1:1", "localhost.example.org:{port}", ""])
async def test_another_host_is_refused(browser: Browser, host: str) -> None:
    port = browser.address.rsplit(":", 1)[1]
    status, text = await browser.get("/as/maya/welcome", Host=host.format(port=port))
    assert status == 403
    assert "Maya" not in text


async def test_localhost_is_this_computer_too(browser: Browser) -> None:
    port = browser.address.rsplit(":", 1)[1]
    assert (await browser.get("/as/maya/welcome", Host=f"localhost:{port}"))[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Content_Type": "text/plain"},
    ],
)
@pytest.mark.parametrize("path", ["/as/maya/say", "/as/maya/press", "/reset", "/clock"])
async def test_another_page_can_change_nothing(browser: Browser, headers: dict[str, str], path: str) -> None:
    before = browser.page.transcript.epoch, browser.page.transcript.number
    assert (await browser.post(path, SAY, **headers))[0] == 403
    assert (browser.page.transcript.epoch, browser.page.transcript.number) == before


async def test_another_page_can_link_here_and_read_nothing(browser: Browser) -> None:
    linked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert (await browser.get("/as/maya/welcome", **linked))[0] == 200
    fetched = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    assert (await browser.get("/as/maya/welcome", **fetched))[0] == 403
    assert (await browser.get("/as/maya/events", **fetched))[0] == 403


@pytest.mark.parametrize("path", ["/as/maya/welcome", "/nowhere", "/as/maya/events", "/assets/0/page.js"])
async def test_every_answer_says_what_may_be_done_with_it(browser: Browser, path: str) -> None:
    async with browser.session.get(browser.address + path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self';")
        assert "frame-ancestors 'self'" in policy, "no other page may frame it; the second column is its own"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {**SAY, "more": 1},
        {**SAY, "event": "../../.."},
        {**SAY, "text": 5},
        {**SAY, "text": "a" * 9000},
    ],
)
async def test_a_body_of_another_shape_is_refused_and_not_repeated(browser: Browser, body: object) -> None:
    status, text = await browser.post("/as/maya/say", body)
    assert status == 400
    assert text == "This could not be read. Reload the page and try again."


async def test_a_body_that_is_too_large_is_refused(browser: Browser) -> None:
    assert (await browser.post("/as/maya/say", {**SAY, "text": "a" * 300_000}))[0] == 413


async def test_a_room_is_open_only_to_whom_it_is_for(browser: Browser) -> None:
    assert (await browser.post("/as/maya/say", {**SAY, "room": "moderators"}))[0] == 403
    assert "Thursday" not in (await browser.get("/as/maya/moderators"))[1]
    assert "Thursday" in (await browser.get("/as/priya/moderators"))[1]


async def test_a_persona_who_is_not_there(browser: Browser) -> None:
    assert (await browser.get("/as/nobody/welcome"))[0] == 404
    assert (await browser.get("/assets/0/..%2fadapter.py"))[0] == 404
