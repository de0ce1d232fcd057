"""The ways to people, by kind: what is sent over each, and how its answers are read. They open nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.alerts.delivery.channels.email import Email
from data.alerts.delivery.channels.slack import Slack
from data.alerts.delivery.channels.sms import Sms
from data.alerts.delivery.channels.telegram import Telegram
from data.alerts.delivery.channels.webhook import Webhook

if TYPE_CHECKING:
    from data.alerts.delivery.channels.channel import Channel

CHANNELS: dict[str, Channel] = {each.kind: each for each in (Slack(), Email(), Sms(), Telegram(), Webhook())}
