"""The relay's side: signing in, encryption, addresses that not every relay takes."""

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from support.smtp import Post, free_port, smtp_server

from lth.notifications.smtp import DelayedError, RejectedError, SmtpRelay, UnreachableError, sign_in


def mail(to: Address | None = None) -> EmailMessage:
    message = EmailMessage()
    message["From"] = Address("Kế hoạch", "lth", "lth.example")
    message["To"] = to or Address("Cán bộ", "tapson", "lth.example")
    message["Subject"] = "Kế hoạch năm 2021"
    message["Message-ID"] = "<1@lth.example>"
    message.set_content("Đã trình.\n", cte="quoted-printable")
    return message


def relay(url: str) -> SmtpRelay:
    return SmtpRelay(url, "lth.example")


def knows(_server, _session, _envelope, _mechanism, given: LoginPassword) -> AuthResult:
    """The server's own list of users: one, with a sign in the password that addresses escape."""
    return AuthResult(success=given == LoginPassword(b"lth", b"m@t/khau"), handled=False)


def test_one_connection_takes_many_mails(post: Post) -> None:
    greeted = []
    handle = post.handle_RCPT

    async def count(server, session, *rest: object) -> str:
        greeted.append(session.host_name)
        return await handle(server, session, *rest)

    post.handle_RCPT = count  # type: ignore[method-assign] # only to count
    with relay(post.url) as open_relay:
        for _ in range(3):
            open_relay.send(mail())
    assert len(post.taken) == 3
    assert greeted == ["lth.example"] * 3


@pytest.mark.parametrize(
    ("answer", "error"),
    [("550 no", RejectedError), ("451 later", DelayedError), ("421 closing", DelayedError)],
)
@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
def test_an_answer_says_whether_to_try_again(
    post: Post, where: str, answer: str, error: type[Exception]
) -> None:
    answers = iter([answer, "250 OK"])
    setattr(post, where, lambda _address: next(answers))
    with relay(post.url) as open_relay:
        with pytest.raises(error, match=answer[:3]):
            open_relay.send(mail())
        open_relay.send(mail())  # over this connection or, after 421, over another
    assert len(post.taken) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the server's advice; this is loopback
def test_a_user_signs_in() -> None:
    with smtp_server(authenticator=knows, auth_required=True, auth_require_tls=False) as post:
        with relay(post.url.replace("//", "//lth:m%40t%2Fkhau@")) as open_relay:
            open_relay.send(mail())
        assert len(post.taken) == 1
        with (
            pytest.raises(UnreachableError, match="535"),
            relay(post.url.replace("//", "//lth:other@")),
        ):
            pass
        with relay(post.url) as nobody, pytest.raises(DelayedError, match="530"):
            nobody.send(mail())


class Plain:
    """As much of smtplib.SMTP as signing in asks of one that offers so many extensions."""

    def __init__(self, *extensions: str) -> None:
        self.extensions = extensions
        self.said: list[str] = []
        self.context: ssl.SSLContext | None = None

    def ehlo(self) -> None:
        self.said.append("ehlo")

    def has_extn(self, name: str) -> bool:
        return name in self.extensions

    def starttls(self, context: ssl.SSLContext) -> None:
        self.said.append("starttls")
        self.context = context

    def login(self, user: str, password: str) -> None:
        self.said.append(f"login {user} {password}")


def test_no_password_crosses_a_network_in_the_clear() -> None:
    smtp = Plain("auth")
    with pytest.raises(smtplib.SMTPException, match="STARTTLS"):
        sign_in(smtp, urlsplit("smtp://lth:secret@mail.example.vn"))  # type: ignore[arg-type] # see Plain
    assert smtp.said == ["ehlo"]


@pytest.mark.parametrize(
    ("url", "said", "checked"),
    [
        ("smtp://lth:s@mail.example.vn", ["ehlo", "starttls", "ehlo", "login lth s"], True),
        ("smtp://mail.example.vn", ["ehlo", "starttls", "ehlo"], True),
        ("smtp://127.0.0.1", ["ehlo", "starttls", "ehlo"], False),
        ("smtps://lth:s@mail.example.vn", ["ehlo", "login lth s"], None),
    ],
)
def test_tls_is_used_where_it_is_offered(url: str, said: list[str], checked: bool | None) -> None:
    smtp = Plain("auth") if url.startswith("smtps") else Plain("auth", "starttls")
    sign_in(smtp, urlsplit(url))  # type: ignore[arg-type] # see Plain
    assert smtp.said == said
    if checked is not None:
        assert smtp.context is not None
        assert smtp.context.check_hostname is checked


def test_a_name_not_in_ascii_needs_a_relay_that_takes_it() -> None:
    vietnamese = mail(Address("", "tậpsơn", "lth.example"))
    with smtp_server(enable_SMTPUTF8=False) as post, relay(post.url) as plain:
        with pytest.raises(RejectedError, match="SMTPUTF8"):
            plain.send(vietnamese)
        plain.send(mail())
    with smtp_server(enable_SMTPUTF8=True) as post, relay(post.url) as modern:
        modern.send(vietnamese)
        assert post.recipients == ["tậpsơn@lth.example"]


def test_nobody_there() -> None:
    with (
        pytest.raises(UnreachableError, match="ConnectionRefusedError"),
        relay(f"smtp://127.0.0.1:{free_port()}"),
    ):
        pass
