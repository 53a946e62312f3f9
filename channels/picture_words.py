"""What stands for a picture among the turns, and what the bot says to one."""

from channels.reply import Line
from channels.requests import ASK_PERSON, TALK_TO_A_PERSON

SENT_PICTURE = "(picture)"  # the words of such a turn
CANNOT_LOOK = Line(
    "Thank you for the picture. I cannot look at pictures, but our people can. "
    "Tell me in words what it shows, or I can get a person for you.",
    ((TALK_TO_A_PERSON, ASK_PERSON),),
)
