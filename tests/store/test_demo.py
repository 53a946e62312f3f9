"""The demo shop, whatever day it is opened on."""

from datetime import date, timedelta

import pytest

from core.closed_days import bank_holidays
from store.shop.demo import SUNDAY, demo_orders


@pytest.mark.parametrize("days", range(7))
def test_nothing_is_due_on_a_sunday(days: int) -> None:
    today = date(2025, 6, 2) + timedelta(days=days)
    due = [one.delivery_on for one in demo_orders(today) if one.delivery_on]
    assert not [day for day in due if day >= today and day.weekday() == SUNDAY]


@pytest.mark.parametrize("days", range(10))
def test_nothing_is_due_on_a_bank_holiday(days: int) -> None:
    today = date(2026, 12, 20) + timedelta(days=days)
    due = [one.delivery_on for one in demo_orders(today) if one.delivery_on]
    holidays = bank_holidays(2026) | bank_holidays(2027)
    assert not [day for day in due if day >= today and day in holidays]
