"""Letters go out over real SMTP, or into files; neither is passed over in silence."""

import ssl
import stat
import subprocess
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from core.errors import BadSettings, Unavailable
from core.settings import Settings
from mail.folder import FileMail
from mail.letter import Letter
from mail.opening import open_mail
from mail.smtp import SmtpMail
from tests.mail_server import Box, serving

LETTER = Letter(
    "r.sample@example.com", "Hello", "Good day, café.\n", "<p>Good day, café.</p>", "k-1"
)
SENDER = "Harbour & Pine <orders@harbourandpine.example>"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost, made here and now."""
    folder = tmp_path_factory.mktemp("tls")
    key, chain = folder / "key.pem", folder / "chain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-keyout", str(key), "-out", str(chain), "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, chain


def of_server(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1], certificate[0])
    return context


def mail_to(port: int, scheme: str = "smtp+plain", timeout_seconds: float = 5.0) -> SmtpMail:
    return SmtpMail(scheme, "127.0.0.1", port, SENDER, timeout_seconds=timeout_seconds)


async def failure(mail: SmtpMail) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        await mail.send(LETTER)
    return caught.value


async def test_a_letter_arrives_whole() -> None:
    box = Box()
    async with serving(box) as port:
        await mail_to(port).send(LETTER)
    (message,) = box.messages
    assert box.recipients == ["r.sample@example.com"]
    assert message["From"] == SENDER
    assert message["To"] == "r.sample@example.com"
    assert message["Subject"] == "Hello"
    assert message["Message-ID"] == "<k-1@harbourandpine.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"]
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == LETTER.text.splitlines()
    assert html.get_content().strip() == LETTER.html


async def test_starttls_is_used_with_a_checked_certificate(
    certificate: tuple[Path, Path],
) -> None:
    box = Box()
    trusting = ssl.create_default_context(cafile=str(certificate[1]))
    async with serving(box, tls_context=of_server(certificate), require_starttls=True) as port:
        await replace(mail_to(port, "smtp"), tls=trusting).send(LETTER)
        with pytest.raises(Unavailable):  # nobody vouches for this certificate
            await mail_to(port, "smtp").send(LETTER)
    assert len(box.messages) == 1


async def test_a_server_without_starttls_gets_no_letter() -> None:
    box = Box()
    async with serving(box) as port:
        await failure(mail_to(port, "smtp"))
    assert box.messages == []


async def test_tls_from_the_first_byte(certificate: tuple[Path, Path]) -> None:
    box = Box()
    trusting = ssl.create_default_context(cafile=str(certificate[1]))
    async with serving(box, ssl_context=of_server(certificate)) as port:
        await replace(mail_to(port, "smtps"), tls=trusting).send(LETTER)
    assert len(box.messages) == 1


@pytest.mark.parametrize(("password", "is_taken"), [("right", True), ("wrong", False)])
async def test_user_and_password_are_shown(
    certificate: tuple[Path, Path], password: str, is_taken: bool
) -> None:
    def check(
        server: object, session: object, envelope: object, how: str, who: object
    ) -> AuthResult:
        return AuthResult(success=who == LoginPassword(b"shop", b"right"), handled=False)

    box = Box()
    trusting = ssl.create_default_context(cafile=str(certificate[1]))
    async with serving(
        box, tls_context=of_server(certificate), auth_required=True, authenticator=check
    ) as port:
        mail = replace(mail_to(port, "smtp"), tls=trusting, user="shop", password=password)
        if is_taken:
            await mail.send(LETTER)
        else:
            with pytest.raises(Unavailable) as caught:
                await mail.send(LETTER)
            assert not caught.value.retryable
    assert bool(box.messages) is is_taken


@pytest.mark.parametrize(
    ("refusal", "retryable"), [("451 later", True), ("550 never", False), ("554 spam", False)]
)
@pytest.mark.parametrize("at", ["refusal", "rejected"])
async def test_a_refused_letter_is_unavailable(at: str, refusal: str, retryable: bool) -> None:
    box = Box()
    setattr(box, at, refusal)
    async with serving(box) as port:
        error = await failure(mail_to(port))
    assert "refuses" in str(error)
    assert error.retryable is retryable
    assert "r.sample" not in str(error)


async def test_a_slow_server_is_unavailable() -> None:
    box = Box()
    box.delay = 2.0
    async with serving(box) as port:
        error = await failure(mail_to(port, timeout_seconds=0.3))
    assert error.retryable


async def test_no_server_is_unavailable() -> None:
    with pytest.raises(Unavailable, match=r"no mail server at 127\.0\.0\.1:9") as caught:
        await mail_to(9).send(LETTER)
    assert caught.value.retryable


async def test_without_a_server_letters_are_files_of_ones_own(tmp_path: Path) -> None:
    mail = open_mail(Settings(var=tmp_path))
    assert isinstance(mail, FileMail)
    await mail.send(LETTER)
    await mail.send(replace(LETTER, key="../k 2"))
    files = sorted((tmp_path / "mail").iterdir())
    assert [file.name for file in files] == ["---k-2.eml", "k-1.eml"]
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    message = message_from_bytes(files[1].read_bytes(), policy=policy.default)
    assert message["To"] == "r.sample@example.com"
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700


async def test_a_folder_that_takes_nothing_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(Unavailable, match="takes no mail"):
        await FileMail(tmp_path / "mail", SENDER).send(LETTER)


@pytest.mark.parametrize(
    ("url", "scheme", "port", "user"),
    [
        ("smtp://shop%40example.com:p%3Ass@mail.example", "smtp", 587, "shop@example.com"),
        ("smtps://mail.example", "smtps", 465, None),
        ("smtps://mail.example:2465", "smtps", 2465, None),
        ("smtp+plain://127.0.0.1", "smtp+plain", 25, None),
    ],
)
def test_the_settings_choose_a_server(url: str, scheme: str, port: int, user: str | None) -> None:
    mail = open_mail(Settings(smtp_url=url))
    assert isinstance(mail, SmtpMail)
    assert (mail.scheme, mail.port, mail.user) == (scheme, port, user)
    assert "p:ss" not in repr(mail)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://a:b:c"])
def test_what_is_no_server_is_a_bad_setting(url: str) -> None:
    with pytest.raises(BadSettings, match="PARLEY_SMTP_URL"):
        open_mail(Settings(smtp_url=url))
