"""Payment services: one over HTTP, and one for trying things out that charges nobody."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from core.errors import PaymentUnavailable
from core.payment import Card, CardCharge, Charge, ChargeState, Payments
from core.settings import Settings

DEMO = "demo"
DECLINED_END = "0002"  # the last digits of the test numbers that payment services decline
TIMEOUT_SECONDS = 9.0  # the caller holds on meanwhile; who has hung up is waited for as long
CURRENCY = "GBP"


@dataclass(frozen=True, slots=True)
class DemoPayments:
    """Charges nobody: a test number that ends in 0002 is declined, all others pass."""

    async def charge(self, card: Card, what: CardCharge, *, key: str) -> Charge:
        """Say that it was taken."""
        if card.number.endswith(DECLINED_END):
            return Charge(ChargeState.DECLINED)
        name = hashlib.sha256(f"{key} {what.order} {what.amount_pence}".encode()).hexdigest()
        return Charge(ChargeState.TAKEN, f"DEMO-{name[:8].upper()}")


@dataclass(frozen=True, slots=True)
class HttpPayments:
    """Asks a payment service at `url`/charges; it alone is sent the card (docs/phone.md)."""

    session: aiohttp.ClientSession
    url: str
    token: str = ""

    async def charge(self, card: Card, what: CardCharge, *, key: str) -> Charge:
        """Charge a card, once however often this key comes; not tried again by itself.

        Raises:
            PaymentUnavailable: no answer, or none that can be read.
        """
        headers = {"Idempotency-Key": key}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            async with self.session.post(
                f"{self.url}/charges",
                json=_body(card, what),
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
                allow_redirects=False,  # cards and token are for this server alone
            ) as response:
                return await _charge_in(response)
        except aiohttp.ClientConnectorError:
            # without the cause: what it quotes may hold the request
            raise PaymentUnavailable("the payment service cannot be reached") from None
        except (aiohttp.ClientError, TimeoutError):
            raise PaymentUnavailable("the payment service did not answer", is_unsure=True) from None


def _body(card: Card, what: CardCharge) -> dict[str, object]:
    return {
        "card": {
            "number": card.number,
            "expiry_month": card.month,
            "expiry_year": card.year,
            "security_code": card.code,
        },
        "amount": {"pence": what.amount_pence, "currency": CURRENCY},
        "order": what.order,
    }


async def _charge_in(response: aiohttp.ClientResponse) -> Charge:
    if response.status != 200:
        told = f"the payment service answered {response.status}"
        raise PaymentUnavailable(told, is_unsure=response.status >= 500)
    try:
        answer = await response.json(content_type=None)
        state = ChargeState(answer["state"])
        reference = str(answer.get("reference") or "")
    except (ValueError, KeyError, TypeError, AttributeError):
        unread = "the payment service answered what cannot be read"
        raise PaymentUnavailable(unread, is_unsure=True) from None
    if state is ChargeState.TAKEN and not 0 < len(reference) <= 100:
        raise PaymentUnavailable("the payment service gave no reference", is_unsure=True)
    return Charge(state, reference)


@asynccontextmanager
async def open_payments(settings: Settings) -> AsyncIterator[Payments | None]:
    """The payment service that the settings name, for as long as the context lasts."""
    if not settings.payment_url:
        yield None
        return
    if settings.payment_url == DEMO:
        yield DemoPayments()
        return
    async with aiohttp.ClientSession() as session:
        yield HttpPayments(session, settings.payment_url, settings.payment_token)
