"""Time zones as people know them: the clocks on the walls of cities they have heard of, never an IANA name."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.cards import Option

REGIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "Americas": {
        "Pacific/Honolulu": "Honolulu",
        "America/Anchorage": "Anchorage, Juneau",
        "America/Los_Angeles": "Los Angeles, Seattle, Tijuana",
        "America/Vancouver": "Vancouver",
        "America/Phoenix": "Phoenix",
        "America/Denver": "Denver, Boise, Salt Lake City",
        "America/Edmonton": "Edmonton, Calgary",
        "America/Mexico_City": "Mexico City, Monterrey",
        "America/Costa_Rica": "Costa Rica, Guatemala, Regina",
        "America/Chicago": "Chicago, Dallas, Winnipeg",
        "America/Bogota": "Bogota, Lima, Panama",
        "America/Havana": "Havana",
        "America/New_York": "New York, Toronto, Atlanta",
        "America/Caracas": "Caracas, La Paz, Manaus",
        "America/Santo_Domingo": "Santo Domingo, Puerto Rico",
        "America/Halifax": "Halifax, Bermuda",
        "America/Santiago": "Santiago",
        "America/Asuncion": "Asuncion",
        "America/St_Johns": "St Johns",
        "America/Sao_Paulo": "Sao Paulo, Rio de Janeiro, Recife",
        "America/Argentina/Buenos_Aires": "Buenos Aires, Montevideo",
        "America/Nuuk": "Nuuk",
    },
    "Europe and Africa": {
        "Atlantic/Azores": "Azores",
        "Atlantic/Cape_Verde": "Cape Verde",
        "Africa/Abidjan": "Abidjan, Accra, Dakar, Reykjavik",
        "Europe/London": "London, Dublin, Lisbon",
        "Africa/Casablanca": "Casablanca",
        "Africa/Lagos": "Lagos, Algiers, Kinshasa, Tunis",
        "Europe/Berlin": "Berlin, Paris, Rome, Madrid, Warsaw",
        "Africa/Johannesburg": "Johannesburg, Harare, Khartoum, Tripoli",
        "Africa/Cairo": "Cairo",
        "Europe/Athens": "Athens, Bucharest, Helsinki, Kyiv",
        "Africa/Nairobi": "Nairobi, Addis Ababa, Kampala",
        "Europe/Istanbul": "Istanbul",
        "Europe/Moscow": "Moscow, Minsk",
        "Europe/Samara": "Samara",
        "Indian/Mauritius": "Mauritius",
    },
    "Asia and Pacific": {
        "Asia/Beirut": "Beirut",
        "Asia/Jerusalem": "Jerusalem, Tel Aviv",
        "Asia/Riyadh": "Riyadh, Baghdad, Amman, Kuwait",
        "Asia/Tehran": "Tehran",
        "Asia/Dubai": "Dubai, Baku, Tbilisi, Yerevan",
        "Asia/Kabul": "Kabul",
        "Asia/Karachi": "Karachi, Almaty, Tashkent, Yekaterinburg",
        "Asia/Kolkata": "Delhi, Mumbai, Kolkata, Colombo",
        "Asia/Kathmandu": "Kathmandu",
        "Asia/Dhaka": "Dhaka, Bishkek, Omsk",
        "Asia/Yangon": "Yangon",
        "Asia/Bangkok": "Bangkok, Jakarta, Hanoi",
        "Asia/Shanghai": "Beijing, Hong Kong, Manila, Singapore, Perth",
        "Asia/Tokyo": "Tokyo, Seoul",
        "Australia/Darwin": "Darwin",
        "Australia/Adelaide": "Adelaide",
        "Australia/Brisbane": "Brisbane, Port Moresby, Vladivostok",
        "Australia/Sydney": "Sydney, Melbourne, Hobart",
        "Pacific/Noumea": "Noumea",
        "Pacific/Fiji": "Fiji",
        "Pacific/Auckland": "Auckland",
        "Pacific/Tongatapu": "Tonga, Apia",
    },
}
"""Region -> zone -> cities that share its clock all year. At most 25 a region: that is what a select holds."""


def clocks(region: str, *, now: datetime) -> tuple[Option, ...]:
    """The choices of one region, from west to east as their clocks stand at `now`."""
    by_offset = sorted(REGIONS[region], key=lambda zone: (now.astimezone(ZoneInfo(zone)).utcoffset(), zone))
    return tuple(Option(zone, clock(zone, now=now)) for zone in by_offset)


def clock(zone: str, *, now: datetime) -> str:
    """What the clock shows there, `Mon 09:05 · Berlin, Paris`; a zone of no listed city shows the time alone."""
    local = now.astimezone(ZoneInfo(zone))
    shown = f"{_DAYS[local.weekday()]} {local:%H:%M}"
    cities = next((listed[zone] for listed in REGIONS.values() if zone in listed), "")
    return f"{shown} · {cities}" if cities else shown


def is_zone(name: str) -> bool:
    """Whether clocks can be read by this name."""
    try:
        ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        return False
    return True


def find_zone(words: str) -> str | None:
    """The zone that is meant by a city of the list, or by its own name; None where there is none such."""
    wanted = words.strip().casefold()
    for zone, cities in _listed():
        if wanted == zone.casefold() or wanted in (city.casefold() for city in cities.split(", ")):
            return zone
    return words.strip() if is_zone(words.strip()) else None


def zone_names(typed: str) -> list[str]:
    """Cities of the list that begin with what is typed, as `find_zone` reads them."""
    wanted = typed.strip().casefold()
    return [city for _, cities in _listed() for city in cities.split(", ") if city.casefold().startswith(wanted)]


def _listed() -> Iterator[tuple[str, str]]:
    for cities in REGIONS.values():
        yield from cities.items()


_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
