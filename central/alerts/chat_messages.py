"""A text as each chat's incoming webhook takes it, and whether its answer says that it was taken: pure."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any, Literal, get_args
from urllib.parse import quote

ChatKind = Literal["wecom", "dingtalk", "feishu", "slack", "teams"]
CHATS: tuple[ChatKind, ...] = get_args(ChatKind)
ANSWER_LIMIT = 300
"""Letters of an answer that are told of a refusal."""


@dataclass(frozen=True, slots=True)
class ChatPost:
    """What is sent, and to where."""

    url: str
    body: dict[str, Any]


def chat_post(kind: ChatKind, url: str, text: str, secret: str | None, now_wall_s: float) -> ChatPost:
    """A text for one chat.

    Sources: developer.work.weixin.qq.com/document/path/91770 (WeCom), open.dingtalk.com (custom robot, security settings), open.feishu.cn (custom
    bot, signature), api.slack.com/messaging/webhooks, and learn.microsoft.com (Teams, webhooks with Adaptive Cards).

    Args:
        kind: Which chat.
        url: The webhook, with the key in it that the chat gave.
        text: Plain.
        secret: For the signature of DingTalk and Feishu; None where the robot asks for none.
        now_wall_s: The present, as Unix time: a signature holds for an hour.
    """
    match kind:
        case "wecom":
            return ChatPost(url, {"msgtype": "text", "text": {"content": text}})
        case "dingtalk":
            signed = url if secret is None else f"{url}&{_dingtalk_signature(secret, now_wall_s)}"
            return ChatPost(signed, {"msgtype": "text", "text": {"content": text}})
        case "feishu":
            body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
            if secret is not None:
                moment = str(int(now_wall_s))
                key = f"{moment}\n{secret}".encode()
                # Feishu signs nothing by a key that is made of moment and secret.
                body |= {"timestamp": moment, "sign": _signed(key, b"")}
            return ChatPost(url, body)
        case "slack":
            return ChatPost(url, {"text": text})
        case _:
            card = {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.2",
                "body": [{"type": "TextBlock", "text": text, "wrap": True}],
            }
            attached = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
            return ChatPost(url, {"type": "message", "attachments": [attached]})


def refusal(status: int, answer: str) -> str | None:
    """Why a chat did not take a text; None where it did.

    WeCom, DingTalk and Feishu answer 200 to what they refuse, with a number that is not 0 in the body.
    """
    if not 200 <= status < 300:
        return f"it answered {status}: {answer[:ANSWER_LIMIT]}"
    try:
        read = json.loads(answer)
    except ValueError:
        return None
    if not isinstance(read, dict):
        return None
    codes = [read[key] for key in ("errcode", "code", "StatusCode") if key in read]
    return f"it answered {answer[:ANSWER_LIMIT]}" if any(code != 0 for code in codes) else None


def _dingtalk_signature(secret: str, now_wall_s: float) -> str:
    moment = round(now_wall_s * 1000)
    text = f"{moment}\n{secret}".encode()
    return f"timestamp={moment}&sign={quote(_signed(secret.encode(), text), safe='')}"


def _signed(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
