"""The statements by which a turn or an event joins a conversation.

Built once, of the tables' columns, since every message asks them: store/identity.py says why.
"""

from sqlalchemy import bindparam, exists, func, insert, select, update

from store.columns import table_of
from store.prepared import often
from store.tables import ConversationRow, EventRow, TurnRow

_ROWS, _TURNS = table_of(ConversationRow).c, table_of(TurnRow).c
_CONVERSATION = bindparam("conversation", type_=_ROWS.id.type)
_TURN = bindparam("id", type_=_TURNS.id.type)

_IS_THERE = exists().where(_ROWS.id == _CONVERSATION)
_NEXT = func.coalesce(
    select(func.max(_TURNS.position) + 1)
    .where(_TURNS.conversation_id == _CONVERSATION)
    .scalar_subquery(),
    0,
)
_VALUES = {
    column.name: bindparam(column.name, type_=column.type)
    for column in _TURNS
    if column.name not in ("position", "button_id")
} | {"conversation_id": _CONVERSATION, "position": _NEXT}

IS_THERE = select(_IS_THERE)  # whether the conversation is
# A turn behind the last, and its place; nothing where the conversation is not, or the turn is.
NEW_TURN = often(
    insert(table_of(TurnRow))
    .from_select(
        list(_VALUES),
        select(*_VALUES.values()).where(
            _IS_THERE,
            ~exists().where(_TURNS.conversation_id == _CONVERSATION, _TURNS.id == _TURN),
        ),
    )
    .returning(_TURNS.position)
)
_EVENT = {
    column.name: bindparam(column.name, type_=column.type)
    for column in table_of(EventRow).c
    if column.name != "id"  # the database counts
}
NEW_EVENT = often(insert(table_of(EventRow)).from_select(list(_EVENT), select(*_EVENT.values())))
WRITTEN_IN = often(
    update(table_of(ConversationRow))
    .where(_ROWS.id == _CONVERSATION)
    .values(last_turn_at=bindparam("now", type_=_ROWS.last_turn_at.type))
)
