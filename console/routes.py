"""Every route of the console with the roles that may use it; docs/http-routes.md explains them."""

from console import (
    alerts,
    call_backs,
    changes,
    chat,
    conversation,
    lists,
    people,
    received,
    signin,
    sound,
    upload,
)
from console.access import OWNERS, REVIEWERS, STAFF, Route
from console.static_files import health, static_file

ONE = "/conversations/{conversation}"
RECORDING = "/recordings/{recording}"

ROUTES: tuple[Route, ...] = (
    Route("GET", "/health", health, None, is_data=True),
    Route("GET", "/static/{name}", static_file, None),
    Route("GET", "/sign-in", signin.sign_in_page, None),
    Route("POST", "/sign-in", signin.sign_in, None),
    Route("GET", "/link/{token}", signin.link_page, None),
    Route("POST", "/link/{token}", signin.use_link, None),
    Route("POST", "/sign-out", signin.sign_out, STAFF),
    Route("GET", "/", lists.home, STAFF),
    Route("GET", "/waiting", lists.waiting, STAFF, is_data=True),
    Route("POST", "/call-backs/{promise}/done", call_backs.done, STAFF),
    Route("GET", "/conversations", lists.conversations_page, STAFF),
    Route("POST", "/conversations/search", lists.search, STAFF),
    Route("GET", ONE, conversation.conversation_page, STAFF),
    Route("GET", f"{ONE}/audio", sound.audio, STAFF),
    Route("GET", f"{ONE}/turns", chat.turns, STAFF, is_data=True),
    Route("POST", f"{ONE}/take", chat.take, STAFF),
    Route("POST", f"{ONE}/say", chat.say, STAFF),
    Route("POST", f"{ONE}/transfer", chat.transfer, STAFF),
    Route("POST", f"{ONE}/return", chat.give_back, STAFF),
    Route("POST", f"{ONE}/close", chat.end, STAFF),
    Route("GET", f"{ONE}/export.json", changes.export, REVIEWERS),
    Route("POST", f"{ONE}/swap", changes.swap, REVIEWERS),
    Route("POST", f"{ONE}/roles", changes.tell_roles, REVIEWERS),
    Route("POST", f"{ONE}/rescore", changes.rescore, REVIEWERS),
    Route("GET", f"{ONE}/delete", changes.delete_page, REVIEWERS),
    Route("POST", f"{ONE}/delete", changes.delete, REVIEWERS),
    Route("GET", "/alerts", alerts.alerts_page, REVIEWERS),
    Route("POST", "/alerts/{alert}/take", alerts.take, REVIEWERS),
    Route("POST", "/alerts/{alert}/close", alerts.close, REVIEWERS),
    Route("GET", "/upload", upload.upload_page, REVIEWERS),
    Route("POST", "/upload", upload.upload, REVIEWERS, streams=True),
    Route("GET", RECORDING, received.recording_page, REVIEWERS),
    Route("GET", f"{RECORDING}/state", received.recording_state, REVIEWERS, is_data=True),
    Route("POST", f"{RECORDING}/retry", received.retry, REVIEWERS),
    Route("GET", f"{RECORDING}/delete", received.delete_recording_page, REVIEWERS),
    Route("POST", f"{RECORDING}/delete", received.delete_recording, REVIEWERS),
    Route("GET", "/users", people.users_page, OWNERS),
    Route("POST", "/users", people.add_user, OWNERS),
    Route("POST", "/users/{user}/link", people.new_link, OWNERS),
    Route("POST", "/users/{user}/active", people.set_active, OWNERS),
)
