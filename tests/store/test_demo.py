"""The demo shop, whatever day it is opened on."""

from datetime import date, timedelta

import pytest

from store.shop.demo import SUNDAY, demo_orders


@pytest.mark.parametrize("days", range(7))
def test_nothing_is_due_on_a_sunday(days: int) -> None:
    today = date(2025, 6, 2) + timedelta(days=days)
    due = [one.delivery_on for one in demo_orders(today) if one.delivery_on]
    assert not [day for day in due if day >= today and day.weekday() == SUNDAY]
