"""Each kind of channel against a receiver that behaves as its documents say."""

from __future__ import annotations

import base64
import html
import json
from typing import TYPE_CHECKING, Any

import pytest

from data.alerts.delivery import records
from data.alerts.transition import State
from data.db import transaction
from tests.integration.delivery.conftest import alert
from tests.receivers import Said, mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.delivery.conftest import House
    from tests.receivers import Heard, MailServer, Receiver

EVIL = "<!channel> <script>alert(1)</script> & *bold* \u202e"


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as one:
        yield one


def slack_answers(*, ok: bool = True, error: str = "", **more: Any) -> Said:
    body = {"ok": ok} | ({"error": error} if error else {}) | more
    return Said(body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


def test_slacks_webhook_hears_of_an_alert_with_its_text_made_harmless(house: House, hook: Receiver) -> None:
    house.channel("slack", "slack", url=f"{hook.url}/services/T/B/secret")
    house.record(alert(1, message=EVIL))
    house.relay()
    [heard] = hook.heard
    assert heard.path == "/services/T/B/secret"
    text = json.dumps(heard.json)
    assert "<!channel>" not in text
    assert "&lt;!channel&gt;" in text
    assert "/alert-links/" in text


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (slack_answers(ok=False, error="ratelimited"), "ready"),
        (slack_answers(ok=False, error="msg_too_long"), "failed"),
        (slack_answers(ok=False), "failed"),
        (Said(body=b"<html>a captive portal</html>"), "ready"),
        (Said(body=b"ok"), "sent"),
        (slack_answers(), "sent"),
        (Said(status=403, body=b"invalid_token"), "failed"),
        (Said(status=502, body=b"bad gateway"), "ready"),
    ],
)
def test_an_answer_with_200_that_is_not_ok_is_a_failure(house: House, hook: Receiver, said: Said, state: str) -> None:
    house.channel("slack", "slack", url=hook.url)
    hook.answers = [said]
    house.record(alert(1))
    house.relay()
    [row] = house.run("select state from alert_messages")
    assert row.state == state


class Slack:
    """Slack's API: what is posted can be changed by its `ts`."""

    def __init__(self) -> None:
        self.messages: dict[str, list[str]] = {}

    def __call__(self, heard: Heard) -> Said:
        body = heard.json
        title = body["text"]
        if heard.path.endswith("chat.update"):
            if body["ts"] not in self.messages:
                return slack_answers(ok=False, error="message_not_found")
            self.messages[body["ts"]].append(title)
            return slack_answers(ts=body["ts"], channel="C1")
        ts = f"{len(self.messages) + 1}.5"
        self.messages[ts] = [title]
        return slack_answers(ts=ts, channel="C1")


def test_slack_shows_one_message_a_group_that_is_changed_in_place(house: House, hook: Receiver) -> None:
    slack = Slack()
    hook.answer = slack
    house.channel("slack", "slack", url=hook.url, token="xoxb-secret", channel="#ops")
    house.record(alert(1, group="one"), alert(2, group="two"))
    house.relay()
    house.record(alert(3, group="one"))
    house.relay()
    house.record(alert(1, State.RESOLVED, group="one"), alert(3, State.RESOLVED, group="one"))
    house.relay()  # a relay of its own each time: nothing is remembered but what is stored
    assert [len(titles) for titles in slack.messages.values()] == [3, 1]
    assert "Over: " in slack.messages["1.5"][-1]
    house.record(alert(4, group="one"))  # all of it was over: the next one is new
    house.relay()
    assert len(slack.messages) == 3
    assert hook.heard[0].headers["authorization"] == "Bearer xoxb-secret"


def test_a_message_that_somebody_deleted_is_written_anew(house: House, hook: Receiver) -> None:
    slack = Slack()
    hook.answer = slack
    house.channel("slack", "slack", url=hook.url, token="xoxb-secret", channel="#ops")
    house.record(alert(1, group="one"))
    house.relay()
    slack.messages.clear()
    house.record(alert(1, State.RESOLVED, group="one"))
    house.relay()
    [titles] = slack.messages.values()
    assert len(titles) == 1
    assert titles[0].startswith("[CRITICAL] Over: ")


def test_telegram_hears_text_and_changes_its_message(house: House, hook: Receiver) -> None:
    hook.answers = [Said(body=b'{"ok": true, "result": {"message_id": 7}}')]
    house.channel("tg", "telegram", url=hook.url, token="123:secret", chat_id="-100")
    house.record(alert(1, group="one", message=EVIL))
    house.relay()
    house.record(alert(2, group="one"))
    house.relay()
    assert [each.path for each in hook.heard] == ["/bot123:secret/sendMessage", "/bot123:secret/editMessageText"]
    assert EVIL in hook.heard[0].json["text"]
    assert "parse_mode" not in hook.heard[0].json
    assert hook.heard[1].json["message_id"] == 7


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (
            {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 5}},
            "ready",
        ),
        ({"ok": False, "error_code": 400, "description": "Bad Request: message is not modified"}, "sent"),
        ({"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}, "failed"),
        ({"ok": False, "description": "no code"}, "ready"),
        ([], "ready"),
    ],
)
def test_what_telegram_answers_is_read(house: House, hook: Receiver, body: Any, state: str) -> None:
    hook.answers = [Said(status=200, body=json.dumps(body).encode())]
    house.channel("tg", "telegram", url=hook.url, token="123:secret", chat_id="-100")
    house.record(alert(1))
    house.relay()
    [row] = house.run("select state from alert_messages")
    assert row.state == state


def test_an_sms_goes_out_in_twilios_form(house: House, hook: Receiver) -> None:
    hook.answers = [Said(status=201, body=b'{"sid": "SM1", "status": "queued", "error_code": null}')]
    number = {"from": "+15005550006", "to": "+4915112345678"}
    house.channel("sms", "sms", url=hook.url, account_sid="AC1", auth_token="secret", **number)
    house.record(alert(1, message="long " * 300))
    house.relay()
    [heard] = hook.heard
    assert heard.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert heard.headers["authorization"] == f"Basic {base64.b64encode(b'AC1:secret').decode()}"
    assert (heard.form["To"], heard.form["From"]) == ("+4915112345678", "+15005550006")
    assert len(heard.form["Body"]) <= 480


@pytest.mark.parametrize(
    ("status", "body", "states"),
    [
        (400, {"code": 21211, "message": "The To number is not valid"}, ("failed", True)),
        (401, {"code": 20003, "message": "Authenticate"}, ("failed", False)),
        (429, {"code": 20429, "message": "Too many"}, ("ready", True)),
        (200, {"status": "failed", "error_code": 30007, "error_message": "filtered"}, ("failed", True)),
    ],
)
def test_what_twilio_answers_is_read(
    house: House, hook: Receiver, status: int, body: Any, states: tuple[str, bool]
) -> None:
    hook.answers = [Said(status=status, body=json.dumps(body).encode())]
    number = {"from": "+15005550006", "to": "+4915112345678"}
    house.channel("sms", "sms", url=hook.url, account_sid="AC1", auth_token="secret", **number)
    house.record(alert(1))
    house.relay()
    [message] = house.run("select state from alert_messages where content ->> 'kind' = 'alert'")
    [channel] = house.run("select enabled from alert_channels")
    assert (message.state, channel.enabled) == states


def test_an_email_has_a_subject_on_one_line_and_buttons_as_links(house: House, mail: MailServer) -> None:
    house.channel("mail", "email", url=f"smtp://127.0.0.1:{mail.port}", to="a@example.org, b@example.org")
    house.record(alert(1, message=f"two\nlines {EVIL}"))
    house.relay()
    [message] = mail.mails
    assert message["Subject"] == "[CRITICAL] two lines <!channel> <script>alert(1)</script> & *bold*"
    assert message["To"] == "a@example.org, b@example.org"
    [key] = house.run("select message_id from alert_messages")
    assert message["Message-ID"] == f"<{key[0]}@mission-control>"
    text, page = (part.get_content() for part in message.iter_parts())  # type: ignore[attr-defined]
    assert "/alert-links/" in text
    assert "<script>" not in page
    assert html.escape("<script>") in page


@pytest.mark.parametrize(
    ("answer", "state"),
    [("451 greylisted, try later", "ready"), ("550 no such user", "failed"), ("250 OK", "sent")],
)
def test_what_a_mail_server_answers_is_read(house: House, mail: MailServer, answer: str, state: str) -> None:
    mail.answers = [answer]
    house.channel("mail", "email", url=f"smtp://127.0.0.1:{mail.port}", to="a@example.org")
    house.record(alert(1))
    house.relay()
    [row] = house.run("select state from alert_messages")
    assert row.state == state


def test_no_password_and_no_public_mail_goes_out_in_clear(house: House, mail: MailServer) -> None:
    house.channel("mail", "email", host="127.0.0.1", port=mail.port, tls="starttls", to=["a@example.org"])
    house.record(alert(1))
    house.relay()
    assert mail.mails == []
    [row] = house.run("select state, error from alert_messages")
    assert tuple(row) == ("ready", "the server offers no STARTTLS, and nothing is sent in clear")


def test_the_first_channels_come_from_settings_and_follow_them(house: House, hook: Receiver) -> None:
    settings = house.mc.settings.model_copy(
        update={
            "alert_slack_webhook": type(house.mc.settings.database_url)(hook.url),
            "alert_email_recipients": ("ops@example.org",),
            "alert_channels": ("slack",),
        }
    )
    for _ in range(2):
        house.do(records.ensure_settings_channels, settings)
    rows = house.run("select name, kind, usual from alert_channels order by name")
    assert [tuple(row) for row in rows] == [("email", "email", False), ("slack", "slack", True)]
    house.record(alert(1))
    house.relay()
    assert len(hook.heard) == 1
    with transaction(house.mc.engine) as connection:
        assert hook.url not in json.dumps(records.list_channels(connection), default=str)
