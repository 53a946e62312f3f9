"""The statements by which a turn or an event joins a conversation.

Built once, of the tables' columns, since every message asks them: store/identity.py says why.
"""

from sqlalchemy import bindparam, exists, func, insert, select, update

from store.columns import table_of
from store.tables import ConversationRow, EventRow, TurnRow

_ROWS, _TURNS = table_of(ConversationRow).c, table_of(TurnRow).c
_CONVERSATION = bindparam("conversation", type_=_ROWS.id.type)
_TURN = bindparam("id", type_=_TURNS.id.type)

# Whether the conversation is there, whether the turn is, and the last turn's place.
PLACE = select(
    exists().where(_ROWS.id == _CONVERSATION).label("is_there"),
    exists().where(_TURNS.conversation_id == _CONVERSATION, _TURNS.id == _TURN).label("is_known"),
    select(func.max(_TURNS.position))
    .where(_TURNS.conversation_id == _CONVERSATION)
    .scalar_subquery()
    .label("last"),
)
NEW_TURN = insert(table_of(TurnRow))
NEW_EVENT = insert(table_of(EventRow)).inline()  # nobody asks for its number
WRITTEN_IN = (
    update(table_of(ConversationRow))
    .where(_ROWS.id == _CONVERSATION)
    .values(last_turn_at=bindparam("now", type_=_ROWS.last_turn_at.type))
)
