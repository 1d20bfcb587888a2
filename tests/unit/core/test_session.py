"""The stored form of a session."""

import json

import pytest

from bot.core.session import from_json, to_json
from tests.survivor import Survivor


def test_a_session_survives_being_stored():
    """Everything in it, in every corner she has been."""
    her = Survivor()
    her.talks()
    her.types("stop")
    her.types("I want to die")
    stored = json.loads(json.dumps(to_json(her.session)))
    assert from_json(stored, her.session.case) == her.session


def test_a_newer_form_is_refused_in_words():
    """A program that is too old must not guess."""
    her = Survivor()
    stored = {**to_json(her.session), "form": 99}
    with pytest.raises(ValueError, match="Start the newer version"):
        from_json(stored)
