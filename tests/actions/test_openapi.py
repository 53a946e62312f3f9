"""The document of the back end is sound and says what the code does."""

from openapi_spec_validator import validate

from actions.backend import Backend
from core.shop import REASONS, OrderStatus, ReturnState, TicketKind, TicketState
from tests.actions.reference_shop import CONTRACT, OPERATIONS

SCHEMAS = CONTRACT["components"]["schemas"]


def test_the_document_is_openapi() -> None:
    validate(CONTRACT)
    assert CONTRACT["openapi"].startswith("3.1")


def test_every_method_is_an_operation() -> None:
    methods = {name for name in vars(Backend) if not name.startswith("_")}
    told = {
        operation["operationId"]
        for path in CONTRACT["paths"].values()
        for name, operation in path.items()
        if name in {"get", "post"}
    }
    assert methods == told == set(OPERATIONS)


def test_every_change_carries_its_key() -> None:
    changes = [path["post"] for path in CONTRACT["paths"].values() if "post" in path]
    key = {"$ref": "#/components/parameters/key"}
    assert [change["operationId"] for change in changes if key not in change["parameters"]] == []


def test_the_words_are_those_of_the_code() -> None:
    reasons = set(SCHEMAS["Problem"]["properties"]["reason"]["enum"])
    assert reasons == set(REASONS) | {"not_found", "key_reused", "unusable"}
    assert set(SCHEMAS["Order"]["properties"]["status"]["enum"]) == set(OrderStatus)
    assert set(SCHEMAS["Return"]["properties"]["state"]["enum"]) == set(ReturnState)
    assert set(SCHEMAS["Ticket"]["properties"]["state"]["enum"]) == set(TicketState)
    assert set(SCHEMAS["TicketKind"]["enum"]) == set(TicketKind)
