"""Days, times and stretches of time as customers read them, the same wherever they are said."""

from datetime import date, datetime

NOON = (12, 0)


def say_day(day: date) -> str:
    """A day as people write it: 'Friday 6 June'."""
    return f"{day:%A} {day.day} {day:%B}"


def say_time(moment: datetime) -> str:
    """A time of day as it is written in Britain: '4 pm', '9.30 am', '12 noon'."""
    if (moment.hour, moment.minute) == NOON:
        return "12 noon"
    hour, half = moment.hour % 12 or 12, "am" if moment.hour < 12 else "pm"
    minutes = f".{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minutes} {half}"


def say_moment(moment: datetime) -> str:
    """A moment in the zone it is given in: 'Friday 6 June, 4 pm'."""
    return f"{say_day(moment.date())}, {say_time(moment)}"


def say_window(start: datetime, end: datetime | None) -> str:
    """A stretch in the zone it is given in: 'on Friday 6 June from 4 pm', '… from 2 pm to 4 pm'."""
    until = ""
    if end is not None:
        is_one_day = end.date() == start.date()
        until = f" to {say_time(end) if is_one_day else say_moment(end)}"
    return f"on {say_day(start.date())} from {say_time(start)}{until}"
