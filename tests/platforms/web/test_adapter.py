"""What the page does with the machine's answers, beside what any conversation shows."""

import asyncio
import re

from bot.cards import Actions, Button, Card, File, Mention, Option, Select, Text, say
from bot.options import Ask, Field, Kind
from bot.platforms.base import Answer, Arrival, Form, Offer, Request
from bot.platforms.web import PERSONAS, ROOMS, WebPlatform
from tests.platforms.fake_desk import FakeDesk
from tests.platforms.web.conftest import Browser

COMPANY = Field("company", Kind.TEXT, Ask("Company"), required=True)
LOG = Offer("log", ("rejection", "log"), "Log a rejection.", "", (COMPANY,), False, False, True, True, "")


def card(words: str, *buttons: Button, private: bool = True) -> Card:
    return Card((Text(say(words)), *((Actions(buttons),) if buttons else ())), private=private)


async def test_an_arrival_says_who_where_and_once(browser: Browser) -> None:
    browser.desk.offers = (LOG,)
    await browser.act("jun", "say", room="direct", text="/rejection log Acme Inc", event="abcdefgh")
    (arrival, request) = browser.desk.asked[-1]
    assert (arrival.platform, arrival.tenant, arrival.user, arrival.community) == ("web", "demo", "jun", "demo")
    assert (arrival.direct, arrival.zone, arrival.is_admin) == (True, "Asia/Tokyo", False)
    assert request == Request("log", {"company": "Acme Inc"})
    await browser.act("jun", "say", room="direct", text="/rejection log Acme Inc", event="abcdefgh")
    assert browser.desk.asked[-1][0].id == arrival.id, "the same act, sent again, is the same event"
    await browser.act("maya", "say", room="direct", text="/rejection log Acme Inc", event="abcdefgh")
    assert browser.desk.asked[-1][0].id != arrival.id


async def test_a_private_answer_is_seen_by_one_person_alone(browser: Browser) -> None:
    browser.desk.answers["log"] = Answer(card("A secret of Maya."))
    (event,) = (await browser.act("maya", "press", packed="log"))["events"]
    assert "Only you can see this" in event["html"]
    assert "A secret of Maya." in (await browser.get("/as/maya/welcome"))[1]
    for other in ("tomas", "priya"):
        assert "A secret of Maya." not in (await browser.get(f"/as/{other}/welcome"))[1]
        async with browser.listen(other) as stream:
            assert event["id"] not in [each.get("id") for each in await stream.until("clock")]


async def test_a_shared_answer_is_seen_by_all_in_the_room(browser: Browser) -> None:
    browser.desk.answers["log"] = Answer(card("For all.", private=False))
    async with browser.listen("tomas") as stream:
        await stream.until("clock")
        await browser.act("maya", "press", packed="log")
        event = await stream.next()
    assert "For all." in event["html"]
    assert "Only you" not in event["html"]


async def test_another_persons_message_is_gone_and_nothing_is_asked(browser: Browser) -> None:
    (event,) = (await browser.act("maya", "press", packed="log"))["events"]
    browser.desk.asked.clear()
    pressed = await browser.act("tomas", "press", message=event["id"], packed="log")
    sent = await browser.act("tomas", "submit", message=event["id"], packed="log", values={})
    assert "This is no longer here, so nothing was changed." in pressed["notice"]
    assert sent == pressed
    status, text = await browser.post("/as/tomas/inspect", {"message": event["id"]})
    assert (status, "no longer here" in text, browser.desk.asked) == (200, True, [])


async def test_a_press_edits_its_own_message_in_place_and_no_shared_one(browser: Browser) -> None:
    again = Button("Again", "again")
    browser.desk.answers |= {
        "own": Answer(card("Before.", again)),
        "shared": Answer(card("Shared.", again, private=False)),
        "again": Answer(card("After.", again), replace=True),
    }
    (own,) = (await browser.act("maya", "press", packed="own"))["events"]
    (edited,) = (await browser.act("maya", "press", packed="again", message=own["id"]))["events"]
    assert (edited["id"], edited["number"] > own["number"]) == (own["id"], True)
    assert browser.desk.asked[-1][0].on_own_message
    (shared,) = (await browser.act("maya", "press", packed="shared"))["events"]
    (answered,) = (await browser.act("maya", "press", packed="again", message=shared["id"]))["events"]
    assert answered["id"] != shared["id"]
    assert not browser.desk.asked[-1][0].on_own_message


async def test_a_press_from_before_a_restart_takes_the_place_of_its_message(browser: Browser) -> None:
    browser.desk.answers["again"] = Answer(card("After."), replace=True)
    (event,) = (await browser.act("maya", "press", packed="again", message="own-aaaaaaaaaaaaaaaa"))["events"]
    assert event["id"] == "own-aaaaaaaaaaaaaaaa"
    (event,) = (await browser.act("maya", "press", packed="again", message="own-<script>"))["events"]
    assert "<script>" not in event["id"]


async def test_a_choice_travels_with_its_value(browser: Browser) -> None:
    sizes = Select("Size", "choose:1", (Option("small", "Small"),))
    browser.desk.answers["log"] = Answer(Card((Actions((sizes,)),)))
    (event,) = (await browser.act("maya", "press", packed="log"))["events"]
    await browser.act("maya", "press", packed="choose:1", value="small", message=event["id"])
    assert browser.desk.asked[-1][1] == Request("choose:1:small")


async def test_work_that_goes_on_edits_its_message_when_done(browser: Browser) -> None:
    done = asyncio.Event()

    async def then() -> Answer:
        await done.wait()
        return Answer(card("Done."))

    browser.desk.answers["log"] = Answer(card("Working on it."), then=then)
    async with browser.listen("maya") as stream:
        await stream.until("clock")
        (shown,) = (await browser.act("maya", "press", packed="log"))["events"]
        assert (await stream.next())["html"] == shown["html"]
        assert shown["pending"]
        done.set()
        heard = await stream.next()
    assert (heard["id"], heard["pending"], "Done." in heard["html"]) == (shown["id"], False, True)


async def test_a_lost_connection_catches_up_with_what_it_missed(browser: Browser) -> None:
    async with browser.listen("maya") as stream:
        await stream.until("clock")
        await browser.act("tomas", "say", text="Heard.")
        await stream.next()
        position = stream.position
    await browser.act("tomas", "say", text="Missed.")
    await browser.act("tomas", "say", room="direct", text="Not for Maya.")
    async with browser.listen("maya", after=position) as stream:
        missed = await stream.until("clock")
    assert [re.findall("Heard|Missed|Not for", each["html"]) for each in missed] == [["Missed"]]


async def test_a_page_from_before_a_restart_is_brought_up_to_date(browser: Browser) -> None:
    async with browser.listen("maya", after="0badcafe.7") as stream:
        caught_up = await stream.until("clock")
    assert {each["id"] for each in caught_up} >= {"all-greeting", "all-welcome-0"}


async def test_starting_over_brings_every_page_back_to_the_beginning(browser: Browser) -> None:
    await browser.act("maya", "say", text="Soon forgotten.")
    position = browser.page.position
    async with browser.listen("tomas") as stream:
        await stream.until("clock")
        assert (await browser.post("/reset", {}))[0] == 200
        assert (await stream.next())["kind"] == "reload"
    assert "Soon forgotten." not in (await browser.get("/as/maya/welcome"))[1]
    async with browser.listen("maya", after=position) as stream:
        assert (await stream.next())["kind"] == "reload", "also a page that was not listening then"


async def test_the_clock_moves_forward_for_all(browser: Browser) -> None:
    async with browser.listen("jun") as stream:
        await stream.until("clock")
        await browser.post("/clock", {"hours": 24})
        redrawn = await stream.until("clock")
    assert browser.clock.now().day == 24
    assert all(each["again"] for each in redrawn)
    assert (await browser.post("/clock", {"hours": -1}))[0] == 400


async def test_a_page_that_was_away_when_the_clock_moved_is_drawn_anew(browser: Browser) -> None:
    position = browser.page.position
    await browser.post("/clock", {"hours": 24})
    async with browser.listen("jun", after=position) as stream:
        redrawn = await stream.until("clock")
    assert {each["id"] for each in redrawn if each["again"]} >= {"all-greeting", "all-welcome-0"}
    async with browser.listen("jun", after=stream.position) as stream:
        assert not await stream.until("clock")


async def test_two_who_start_over_at_once_do_so_one_after_the_other(browser: Browser, desk: FakeDesk) -> None:
    begun, go = asyncio.Event(), asyncio.Event()
    running = 0

    async def reset() -> None:
        nonlocal running
        running += 1
        assert running == 1
        begun.set()
        await go.wait()
        running -= 1

    people = {each.slug: each for each in PERSONAS}
    page = WebPlatform(desk, personas=people, rooms=ROOMS, clock=browser.clock, reset=reset)
    first = asyncio.create_task(page.start_over())
    await begun.wait()
    second = asyncio.create_task(page.start_over())
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(first, second)


async def test_a_file_is_for_one_person_and_for_one_time(browser: Browser) -> None:
    file = File("my “data”.zip", b"PK", "All of it")
    browser.desk.answers["log"] = Answer(Card((Text(say("Here.")),), files=(file,)))
    (event,) = (await browser.act("maya", "press", packed="log"))["events"]
    token = re.findall(r"/as/maya/files/([\w-]+)", event["html"])[0]
    assert (await browser.get(f"/as/tomas/files/{token}"))[0] == 410
    linked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert (await browser.get(f"/as/maya/files/{token}", **linked))[0] == 403
    async with browser.listen("maya") as stream:
        await stream.until("clock")
        async with browser.session.get(f"{browser.address}/as/maya/files/{token}") as response:
            assert await response.read() == b"PK"
            assert response.headers["Content-Disposition"].startswith("attachment;")
        assert "Downloaded." in (await stream.next())["html"]
    assert (await browser.get(f"/as/maya/files/{token}"))[0] == 410


async def test_a_form_comes_back_with_its_errors_and_what_was_typed(browser: Browser) -> None:
    typed = Field("company", Kind.TEXT, Ask("Company"), required=True, value='<b>"Acme"')
    browser.desk.answers["log"] = Answer(form=Form("log", "Log", (typed,), {"company": say("Shorten it.")}))
    form = (await browser.act("maya", "submit", packed="log", values={"company": "x"}))["form"]
    assert 'value="&lt;b&gt;&#34;Acme&#34;"' in form
    assert 'aria-invalid="true" aria-describedby="field-company-error"' in form
    assert browser.desk.asked[-1][1] == Request("log", {"company": "x"}, submitted=True)


async def test_an_unknown_command_names_a_near_one(browser: Browser) -> None:
    browser.desk.offers = (LOG,)
    (event,) = (await browser.act("maya", "say", text="/rejecton log Acme"))["events"]
    assert "There is no such command" in event["html"]
    assert 'data-line="/rejection log"' in event["html"]
    assert not browser.desk.asked


async def test_plain_words_are_chat_and_never_reach_the_bot(browser: Browser) -> None:
    await browser.act("maya", "say", text="Good morning")
    long = await browser.act("maya", "say", text="a" * 2001)
    assert "2000 fit" in long["notice"]
    assert not browser.desk.asked


async def test_the_inspector_shows_what_others_receive_or_why_they_cannot(browser: Browser) -> None:
    status, text = await browser.post("/as/maya/inspect", {"message": "all-greeting"})
    assert (status, "stepping stone" in text) == (200, True)

    def refuse(_: Card) -> object:
        raise ValueError("too many parts")

    browser.page.inspectors.cards["Slack"] = refuse  # type: ignore[index]  # the test's own dict
    text = (await browser.post("/as/maya/inspect", {"message": "all-greeting"}))[1]
    assert "Slack cannot draw this: too many parts" in text


async def test_a_room_keeps_only_its_last_messages(browser: Browser) -> None:
    for number in range(130):
        await browser.act("maya", "say", text=f"line {number}.")
    page = (await browser.get("/as/maya/welcome"))[1]
    assert "line 129." in page
    assert "line 5." not in page
    assert "Final round at Cobalt" in page, "another room is not touched"


async def test_closing_ends_the_streams_when_the_work_is_done(browser: Browser) -> None:
    async with browser.listen("maya") as stream:
        await stream.until("clock")
        await browser.page.close()
        assert (await stream.next())["kind"] == "end"
    await browser.page.close()
    assert not browser.page.ready


async def test_taking_back_a_message_leaves_a_note_in_its_place(browser: Browser) -> None:
    (event,) = (await browser.act("maya", "press", packed="log"))["events"]
    assert await browser.page.withdraw(destination="", message=event["id"])
    assert "This message was removed." in (await browser.get("/as/maya/welcome"))[1]
    assert await browser.page.withdraw(destination="", message="own-unknown")


async def test_two_arrivals_at_once_are_two_answers(browser: Browser) -> None:
    both: list[Arrival] = []
    meet = asyncio.Barrier(2)

    async def wait(arrival: Arrival, _: Request) -> Answer:
        both.append(arrival)
        await meet.wait()
        return Answer(card("Done."))

    browser.desk.answers["log"] = wait
    await asyncio.gather(*(browser.act(who, "press", packed="log") for who in ("maya", "tomas")))
    assert {each.user for each in both} == {"maya", "tomas"}


async def test_whoever_lives_by_themselves_is_known_by_name_and_nobody_can_be_them(browser: Browser) -> None:
    for path in ("/as/leo", "/as/leo/welcome", "/as/leo/events"):
        assert (await browser.get(path))[0] == 404
    _, page = await browser.get("/as/maya/welcome?beside=leo")
    assert "Leo Brandt" not in page
    browser.desk.answers["log"] = Answer(Card((Text(say("With {who}.", who=Mention("leo"))),)))
    (event,) = (await browser.act("maya", "press", packed="log"))["events"]
    assert "@Leo Brandt" in event["html"]
