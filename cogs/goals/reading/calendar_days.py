"""Days as a calendar counts them: months of their own length, weeks from Monday."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day where that is shorter. Raises ValueError beyond year 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add(day: date, number: int, unit: str) -> date:
    """`unit` is day, week, fortnight, month, quarter or year. Raises ValueError or OverflowError beyond year 9999."""
    if unit in _MONTHS:
        return add_months(day, number * _MONTHS[unit])
    return day + timedelta(days=number * {"day": 1, "week": 7, "fortnight": 14}[unit])


def first_of(day: date, unit: str) -> date:
    """The first day of its day, week, month, quarter or year, by these names."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def last_of(day: date, unit: str) -> date:
    """The last day of the same."""
    return add(first_of(day, unit), 1, unit) - timedelta(days=1)


def next_weekday(day: date, weekday: int) -> date:
    """The first day from `day` on, itself included, that is this day of the week."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def next_date(today: date, month: int, day: int) -> date | None:
    """The first such date from today on, itself included; None where no year has it."""
    for year in range(today.year, today.year + 9):
        if day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
    return None


def next_day_of_month(today: date, day: int) -> date | None:
    """The first day from today on, itself included, with this number in its month; None where no month has it."""
    for ahead in range(13):
        month = add_months(today.replace(day=1), ahead)
        if day <= monthrange(month.year, month.month)[1] and month.replace(day=day) >= today:
            return month.replace(day=day)
    return None


_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
