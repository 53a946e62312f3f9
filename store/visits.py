"""The statements by which a customer's conversation is found, or opened.

Built once, of the tables' columns, since they are asked for every visitor: store/identity.py says
why.
"""

from sqlalchemy import bindparam, insert, select

from core.handoff import Holder
from store.columns import table_of
from store.tables import AddressRow, ConversationRow, CustomerRow

_ROWS, _ADDRESSES = table_of(ConversationRow).c, table_of(AddressRow).c
_HASH = bindparam("hash", type_=_ADDRESSES.hash.type)
_LATEST_FIRST = (_ROWS.listed_at.desc(), _ROWS.id.desc())
_OF_ADDRESS = (
    select(_ROWS.id)
    .join(table_of(AddressRow), _ADDRESSES.customer_id == _ROWS.customer_id)
    .where(_ADDRESSES.hash == _HASH)
    .where(_ROWS.channel == bindparam("channel", type_=_ROWS.channel.type))
    .limit(1)
)

# Of an address, on a channel.
OPEN_ON = _OF_ADDRESS.where(_ROWS.holder != Holder.CLOSED.value).order_by(*_LATEST_FIRST)
LATEST_ON = _OF_ADDRESS.order_by(*_LATEST_FIRST)
OPEN_OR_LATEST_ON = _OF_ADDRESS.order_by(_ROWS.holder == Holder.CLOSED.value, *_LATEST_FIRST)

AT_ADDRESS = select(_ADDRESSES.customer_id).where(_ADDRESSES.hash == _HASH)
LATEST = (  # of a customer, on whatever channel
    select(_ROWS.id)
    .where(_ROWS.customer_id == bindparam("customer", type_=_ROWS.customer_id.type))
    .order_by(*_LATEST_FIRST)
    .limit(1)
)
NEW_CUSTOMER = insert(table_of(CustomerRow))
NEW_ADDRESS = insert(table_of(AddressRow))
NEW_CONVERSATION = insert(table_of(ConversationRow))
