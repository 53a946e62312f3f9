"""How a turn fares on its way, in words for the page."""

from collections.abc import Mapping

from store.outbox import Delivery, Report

_TOLD = {
    Delivery.PENDING: "on its way",
    Delivery.SENT: "sent",
    Delivery.DELIVERED: "✓ delivered",
    Delivery.READ: "✓ read",
}


def tell_all(reports: Mapping[str, Report]) -> dict[str, str]:
    """Turn id → how it fares; a failure begins with a cross and says why."""
    return {turn: tell(report) for turn, report in reports.items()}


def tell(report: Report) -> str:
    """'✓ delivered', '✗ not delivered: The customer's phone is switched off …'."""
    if report.state is Delivery.FAILED:
        return f"✗ not delivered: {report.reason}" if report.reason else "✗ not delivered"
    return _TOLD[report.state]
