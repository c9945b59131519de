"""Headers and addresses of the mail itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from lth.core.config import load
from lth.mail.declarations import Payload
from lth.models.outbox import Delivery
from lth.notifications import envelope
from lth.notifications.envelope import UndeliverableError
from lth.notifications.facts import MailFacts, MailRecipient
from lth.notifications.messages import Text

NOW = datetime(2021, 5, 7, 1, 0, tzinfo=UTC)
CLERK = MailRecipient(
    person_id=1,
    name="Cán bộ VH-XH xã Tập Sơn",
    email="tapson@lth.example",
    language="vi",
    active=True,
    unit_id=None,
    unit_name="",
    level=None,
)
FACTS = MailFacts(
    id=7,
    kind="password_reset",
    created_at=NOW,
    secret="",
    delivery=Delivery.WAITING,
    sent_at=None,
    last_error="",
    attempts=0,
    recipient=CLERK,
    payload=Payload(),
)
TEXT = Text("[Kế hoạch CLB] Đặt lại mật khẩu", "Kính gửi anh/chị,\n\nHạn: 07/5/2021\n", "vi")


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., EmailMessage]:
    """Build a mail; keywords change its recipient."""
    settings = load(
        {
            "LTH_HOME": str(tmp_path_factory.mktemp("home")),
            "LTH_MAIL_FROM": "Kế hoạch tỉnh <lth@tỉnh.example.vn>",
        }
    )

    def build(text: Text = TEXT, now: datetime = NOW, **changes: str) -> EmailMessage:
        facts = replace(FACTS, recipient=replace(CLERK, **changes))
        return envelope.build(settings, facts, text, now)

    return build


def test_the_mail_survives_the_journey(make: Callable[..., EmailMessage]) -> None:
    raw = make().as_bytes(policy=policy.SMTP)
    raw.decode("ascii")  # any relay takes it
    arrived = message_from_bytes(raw, policy=policy.default)
    assert arrived["Subject"] == TEXT.subject
    assert arrived["To"].addresses[0].display_name == CLERK.name
    assert arrived["From"].addresses[0].display_name == "Kế hoạch tỉnh"
    assert arrived["From"].addresses[0].addr_spec == "lth@xn--tnh-dlz.example.vn"
    assert arrived.get_content().replace("\r\n", "\n") == TEXT.body
    assert arrived["Date"].datetime == NOW
    assert arrived["Date"].datetime.utcoffset().total_seconds() == 7 * 3600
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Content-Language"] == "vi"
    assert "List-Unsubscribe" not in arrived


def test_a_second_try_is_the_same_mail_and_another_row_is_not(
    make: Callable[..., EmailMessage],
) -> None:
    later = datetime(2021, 5, 8, tzinfo=UTC)
    assert make()["Message-ID"] == make(now=later)["Message-ID"]
    assert make()["Message-ID"].endswith("@xn--tnh-dlz.example.vn>")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_nobody_writes_headers_by_a_name_or_subject(
    make: Callable[..., EmailMessage], end: str
) -> None:
    with pytest.raises(UndeliverableError):
        make(name=f"Cán bộ{end}Bcc: other@lth.example")
    with pytest.raises(UndeliverableError):
        make(text=replace(TEXT, subject=f"Xã{end}Bcc: other@lth.example"))
    with pytest.raises(UndeliverableError):
        make(email=f"tapson@lth.example{end}Bcc: other@lth.example")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("tapson@xã.vn", "tapson@xn--x-yfa.vn"),
        ("TapSon@LTH.example", "TapSon@LTH.example"),
        ("tapson+kế@lth.example", "tapson+kế@lth.example"),
    ],
)
def test_domains_are_written_in_ascii(typed: str, written: str) -> None:
    assert envelope.recipient("", typed).addr_spec == written


@pytest.mark.parametrize("typed", ["", "tapson", "@lth.example", "tapson@", "a b@c.d", "a@b..c"])
def test_what_is_no_address_is_refused(make: Callable[..., EmailMessage], typed: str) -> None:
    with pytest.raises(UndeliverableError):
        make(email=typed)
