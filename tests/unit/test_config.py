"""Settings: every problem at once, in words; good values as they should arrive; no secret shown."""

import re
from pathlib import Path

import pytest

from bot.config import KNOWN, Settings, SettingsError

README = Path(__file__).parents[2] / "README.md"
BOTS = {"WAYMARK_SURVIVOR_TOKEN": "1000:aaaa-secret", "WAYMARK_STAFF_TOKEN": "2000:bbbb-secret"}


def problems(**env: str) -> list[str]:
    """What is said about these settings, beside two good tokens."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({**BOTS, **env})
    return str(refused.value).splitlines()


def test_two_tokens_are_all_that_is_needed() -> None:
    """Everything else has a default that is safe and works on one machine."""
    found = Settings.from_env(BOTS)
    assert found.survivor_token == "1000:aaaa-secret"
    assert found.staff_token == "2000:bbbb-secret"
    assert found.api_url == "https://api.telegram.org"
    assert found.database_url == "sqlite:///waymark.db"
    assert found.keystore == Path("waymark.keys")
    assert found.leads == frozenset()
    assert found.staff_group is None
    assert (found.public_url, found.webhook_secret) == ("", "")
    assert (found.home, found.port, found.pacing) == ("US-NY", 8080, "telegram")
    assert (found.flows, found.locales) == (Path("flows"), Path("locales"))


def test_commands_without_bots_need_no_token() -> None:
    """`check` and `publish` run on a machine that knows no token."""
    assert Settings.from_env({}, bots=False).survivor_token == ""


def test_missing_tokens_are_named_both() -> None:
    """Each with where it comes from."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({})
    said = str(refused.value)
    assert "WAYMARK_SURVIVOR_TOKEN is missing" in said
    assert "WAYMARK_STAFF_TOKEN is missing" in said
    assert said.count("@BotFather") == 2


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("WAYMARK_SURVIVOR_TOKEN", "aaaa", "does not look like a token"),
        ("WAYMARK_SURVIVOR_TOKEN", "2000:bbbb-secret", "are the same"),
        ("WAYMARK_SURVIVOR_TOKEN", "", "is missing"),
        ("WAYMARK_API_URL", "http://api.telegram.org", "https://"),
        ("WAYMARK_API_URL", "ftp://127.0.0.1", "https://"),
        ("WAYMARK_API_URL", "https://", "https://"),
        ("WAYMARK_LEADS", "1;2", "WAYMARK_LEADS"),
        ("WAYMARK_LEADS", "-5", "WAYMARK_LEADS"),
        ("WAYMARK_LEADS", str(2**52 + 1), "WAYMARK_LEADS"),
        ("WAYMARK_LEADS", "1.5", "WAYMARK_LEADS"),
        ("WAYMARK_LEADS", "٣", "WAYMARK_LEADS"),
        ("WAYMARK_STAFF_GROUP", "100", "below zero"),
        ("WAYMARK_STAFF_GROUP", "@desk", "below zero"),
        ("WAYMARK_PUBLIC_URL", "http://example.org", "survivors' words"),
        ("WAYMARK_WEBHOOK_SECRET", "with blanks", "letters, digits"),
        ("WAYMARK_WEBHOOK_SECRET", "x" * 257, "256"),
        ("WAYMARK_HOME", "newyork", "US-NY"),
        ("PORT", "eighty", "0 to 65535"),
        ("PORT", "65536", "0 to 65535"),
        ("PORT", "-1", "0 to 65535"),
        ("PORT", "9" * 5000, "0 to 65535"),
        ("WAYMARK_PACING", "fast", "telegram or none"),
        ("WAYMARK_PACING", "none", "refused with Telegram's own"),
        ("WAYMARK_LEAD", "1", "Did you mean WAYMARK_LEADS?"),
        ("WAYMARK_COLOUR", "red", "is not a setting"),
    ],
)
def test_a_malformed_value_is_one_sentence_that_names_it(name: str, value: str, says: str) -> None:
    """The name, what is wrong with it, and what is wanted."""
    said = [line for line in problems(**{name: value}) if line.startswith(name)]
    assert len(said) == 1, said
    assert says in said[0]


@pytest.mark.parametrize(
    "name", ["WAYMARK_SURVIVOR_TOKEN", "WAYMARK_API_URL", "WAYMARK_LEADS", "WAYMARK_WEBHOOK_SECRET"]
)
def test_a_refused_value_is_never_repeated(name: str) -> None:
    """What was pasted into the wrong place may be a secret."""
    assert "hunter2 secret" not in "".join(problems(**{name: "hunter2 secret"}))


def test_all_problems_are_told_at_once() -> None:
    """An operator mends the whole list in one go."""
    said = problems(WAYMARK_HOME="x", PORT="x", WAYMARK_LEADS="x", WAYMARK_PACING="x")
    assert len(said) == 4


def test_a_public_address_needs_a_secret() -> None:
    """Without one anybody could post updates."""
    said = problems(WAYMARK_PUBLIC_URL="https://waymark.example.org")
    assert "WAYMARK_WEBHOOK_SECRET is missing" in said[0]


@pytest.mark.parametrize("url", ["http://127.0.0.1:81", "http://localhost:81", "http://[::1]:81"])
def test_plain_http_is_fine_on_this_machine_only(url: str) -> None:
    """The sandbox and a local Bot API server need no certificate; unpaced tests may use them."""
    found = Settings.from_env({**BOTS, "WAYMARK_API_URL": url + "/", "WAYMARK_PACING": "none"})
    assert (found.api_url, found.pacing) == (url, "none")


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1.example.org", "http://localhost.example.org", "http://127.0.0.1@x.org"],
)
def test_a_name_that_looks_like_this_machine_is_not(url: str) -> None:
    """A token is part of every address, so a near miss must not pass."""
    assert "WAYMARK_API_URL" in problems(WAYMARK_API_URL=url)[0]


def test_leads_and_group_are_read_with_blanks() -> None:
    """People put blanks after commas."""
    found = Settings.from_env(
        {**BOTS, "WAYMARK_LEADS": " 5, 4503599627370496 ,", "WAYMARK_STAFF_GROUP": " -100123 "}
    )
    assert found.leads == {5, 2**52}
    assert found.staff_group == -100123


def test_empty_values_mean_the_default() -> None:
    """`WAYMARK_LEADS=` in a .env file is the same as leaving it out."""
    found = Settings.from_env(
        {**BOTS, **{name: "" for name in KNOWN if name not in BOTS}, "PORT": ""}
    )
    assert found == Settings.from_env(BOTS)


def test_secrets_and_ids_have_no_repr() -> None:
    """Settings may end in a log by accident; tokens, secret, leads and group may not."""
    shown = repr(
        Settings.from_env(
            {
                **BOTS,
                "WAYMARK_LEADS": "48151623",
                "WAYMARK_STAFF_GROUP": "-48151624",
                "WAYMARK_PUBLIC_URL": "https://waymark.example.org",
                "WAYMARK_WEBHOOK_SECRET": "hush-hush",
            }
        )
    )
    assert "api_url" in shown
    for secret in ("aaaa", "bbbb", "48151623", "48151624", "hush"):
        assert secret not in shown


def test_every_setting_is_in_the_readme_and_the_other_way_round() -> None:
    """A list that could be forgotten: names in KNOWN and names in README.md."""
    written = set(re.findall(r"WAYMARK_[A-Z_]+[A-Z]", README.read_text("utf-8")))
    assert len(written) > 5
    assert written == set(KNOWN)
    assert {"DATABASE_URL", "PORT"} <= set(re.findall(r"`([A-Z_]+)`", README.read_text("utf-8")))
