"""Numbers for Prometheus; a registry per server, so that two in one process do not mix."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """What `GET /metrics` tells; labels are kinds and codes, never words."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.customer_turns = Counter(
            "parley_customer_turns_total", "Customer turns stored", registry=self.registry
        )
        self.bot_turns = Counter(
            "parley_bot_turns_total", "Bot turns stored", registry=self.registry
        )
        self.bot_failures = Counter(
            "parley_bot_failures_total",
            "Turns that the bot did not answer",
            ("retryable",),
            registry=self.registry,
        )
        self.dropped = Counter(
            "parley_bot_turns_dropped_total",
            "Answers that came after somebody else took over",
            registry=self.registry,
        )
        self.handoffs = Counter(
            "parley_handoffs_total",
            "Conversations handed to people",
            ("reason",),
            registry=self.registry,
        )
        self.survey_answers = Counter(
            "parley_survey_answers_total",
            "Survey questions answered",
            ("kind",),
            registry=self.registry,
        )
        self.refused = Counter(
            "parley_messages_refused_total",
            "Messages from customers that were refused",
            ("code",),
            registry=self.registry,
        )
        self.connections = Gauge(
            "parley_chat_connections", "Open chat connections", registry=self.registry
        )
        self.bot_seconds = Histogram(
            "parley_bot_seconds", "Time the bot took for a turn", registry=self.registry
        )

    def text(self) -> bytes:
        """The numbers in Prometheus' text format."""
        return generate_latest(self.registry)
