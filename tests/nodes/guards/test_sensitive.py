"""Finders of keys and personal data."""

import pytest

from nodes.guards.sensitive import MAX_TEXT, find, redacted, summary

CASES = [
    ("Write to ann.lee@example.org today", "email", "ann.lee@example.org"),
    ("Card 4111 1111 1111 1111.", "card", "4111 1111 1111 1111"),
    ("Pay DE89 3704 0044 0532 0130 00 now", "iban", "DE89 3704 0044 0532 0130 00"),
    ("GB82WEST12345698765432", "iban", "GB82WEST12345698765432"),
    ("call +49 170 1234567!", "phone", "+49 170 1234567"),
    ("call (555) 123-4567", "phone", "(555) 123-4567"),
    ("Tel. 030 / 123456", "phone", "030 / 123456"),
    ("key AKIAIOSFODNN7EXAMPLE.", "key", "AKIAIOSFODNN7EXAMPLE"),
    ("ghp_" + "a1" * 18, "key", "ghp_" + "a1" * 18),
    ("sk-proj-abcdefghijklmnop1234", "key", "sk-proj-abcdefghijklmnop1234"),
    ("password: hunter2222", "password", "hunter2222"),
    ('{"api_key": "abcdef123456"}', "password", "abcdef123456"),
    ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "key", None),
]


@pytest.mark.parametrize(("text", "sort", "value"), CASES, ids=[case[0][:18] for case in CASES])
def test_found(text: str, sort: str, value: str | None):
    """Each sort is found with exactly its letters."""
    (found,) = find(text)
    assert (found.sort, text[found.start : found.end]) == (sort, value or text)


@pytest.mark.parametrize(
    "text",
    [
        "Card 4111 1111 1111 1112", "DE89 3704 0044 0532 0130 01", "The 12 values sum to 1 234 567 890",
        "on 2026-11-21 14:00", "a password is needed", "version 1.2.3.4", "0000000000000000", "12.11.2026", "",
    ],
)  # fmt: skip
def test_not_found(text: str):
    """A wrong check sum, a date, a plain number are left alone."""
    assert find(text) == []


def test_equal_values_get_equal_marks():
    """The redacted text still tells who is who."""
    text = "a@x.org wrote to b@x.org; a@x.org waits"
    assert redacted(text, find(text)) == "[email 1] wrote to [email 2]; [email 1] waits"
    assert summary(find(text)) == "3 email"


def test_only_what_is_asked_for():
    """Other sorts stay, and a part of another sort is not taken for one."""
    assert find("a@x.org", ["card"]) == []


def test_very_long_text_is_cut_and_not_passed_unread():
    """What was not looked at does not go on."""
    assert len(redacted("x" * (MAX_TEXT + 10), [])) == MAX_TEXT
