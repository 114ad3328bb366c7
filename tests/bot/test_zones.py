"""Clocks as people know them."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.zones import REGIONS, clock, clocks, is_zone

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SELECT = 25
LABEL = 75
ZONES = [(zone, cities) for region in REGIONS.values() for zone, cities in region.items()]


def test_every_region_fits_a_select() -> None:
    for region in REGIONS:
        options = clocks(region, now=NOW)
        assert 1 <= len(options) <= SELECT
        assert all(len(option.label) <= LABEL for option in options)
        assert len({option.label for option in options}) == len(options)
    assert len({zone for zone, _ in ZONES}) == len(ZONES)


def test_no_label_is_an_iana_name() -> None:
    for region in REGIONS:
        assert all(re.fullmatch(r"[A-Z][a-z]{2} \d\d:\d\d · [^/_]+", each.label) for each in clocks(region, now=NOW))


def test_a_region_is_sorted_from_west_to_east_as_its_clocks_stand() -> None:
    for now in (NOW, NOW + timedelta(days=182)):
        for region in REGIONS:
            offsets = [now.astimezone(ZoneInfo(option.value)).utcoffset() for option in clocks(region, now=now)]
            assert offsets == sorted(offsets, key=lambda offset: offset or timedelta())


@pytest.mark.parametrize(("zone", "cities"), ZONES)
def test_the_cities_of_a_clock_share_it_all_year(zone: str, cities: str) -> None:
    by_city = {name.rpartition("/")[2].replace("_", " "): name for name in available_timezones()}
    for city in cities.split(", "):
        for day in range(0, 730, 7):
            at = NOW + timedelta(days=day)
            assert (
                at.astimezone(ZoneInfo(by_city.get(city, zone))).utcoffset()
                == at.astimezone(ZoneInfo(zone)).utcoffset()
            )


def test_a_clock_shows_the_day_and_hour_there() -> None:
    assert clock("Asia/Tokyo", now=NOW + timedelta(hours=9)) == "Tue 03:00 · Tokyo, Seoul"
    assert clock("Europe/Vienna", now=NOW) == "Mon 10:00"


@pytest.mark.parametrize("name", ["", "../etc/passwd", "/etc/localtime", "Nowhere/Land", "Europe", "x" * 300, "a\0b"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    assert not is_zone(name)
