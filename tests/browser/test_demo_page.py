"""The page of `make demo`, played by hand: the real bots answer, and what is asserted is what a
person sees. It must not know how the page or the bots do it.
"""

import re

import pytest

from bot.flowdef.load import load
from tests.browser.conftest import ROOT, Album, Watched
from tests.browser.handset import Handset, patient

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTICE = "Hello. This is Waymark, an information guide."
AVISO = "Hola. Esto es Waymark, una guía de información."
SHOWN_AT_MOST = 40
"""Characters that a locked phone is sure to show, and that therefore say nothing."""

HER_WORDS = "Please write slowly."
HER_ANSWER = "Thank you for writing. I am at my sister's."
THEIR_WORDS = "Hello, I am here. There is no hurry."
RUBBISH = ("xq zzz 77", "🙂🙂", "\u202eabc", "<b>zz</b> {needs} *x*", "ñ" * 3000)
KIND_ANSWER = re.compile("No entendí eso|Por favor toque un botón")
OPEN_LINES = {"There is something new here.", "Hay algo nuevo aquí."}


def charged() -> tuple[str, ...]:
    """The words that must not stand where somebody else may read them, in both languages."""
    library, _ = load(ROOT / "flows")
    words = tuple(word for words in library.charged.values() for word in words)
    assert len(words) > 50, "the list of charged words was not found"
    return words


async def says_nothing_to_others(watched: Watched) -> None:
    """Each notification begins plainly; it is silent, unless it is the one neutral line."""
    shown = [one for one in await watched.on_locked_screens() if one["bot"] == "Waymark"]
    assert shown, "no notification was seen at all"
    for one in shown:
        opening = one["words"][:SHOWN_AT_MOST].casefold()
        told = [word for word in charged() if re.search(rf"\b{re.escape(word)}\b", opening)]
        assert told == [], one
        assert one["how"] == "silent" or one["words"] in OPEN_LINES, one


async def asks_for_a_person(survivor: Handset, album: Album) -> None:
    """From any screen until it is sent, with all hours of the day and something to say."""
    await survivor.press("Talk with a person", "See how it works")
    await survivor.sees("May a person write to you here?")
    await album.take("consent", survivor.column)
    await survivor.press("Yes, a person may write to me", "Eastern (New York)")
    await survivor.marks(
        *("Morning (8 am to noon)", "Afternoon (noon to 5 pm)", "Evening (5 pm to 9 pm)")
    )
    await survivor.press("Done")
    await survivor.marks("Do not use my name")
    await survivor.press("Done")
    await survivor.sees("What should the person know first?")
    await survivor.types(HER_WORDS)
    await survivor.sees("This is what would be sent:")
    await patient(survivor.messages.filter(has_text=HER_WORDS)).to_have_count(1)
    await survivor.press("Send this to staff")
    await survivor.sees("It has been sent.")


async def takes(desk: Handset, row: str) -> str:
    """A staff member takes the case in that row of the queue; gives back its made-up name."""
    await desk.start()
    await desk.sees("/queue shows who is waiting")
    listed = await desk.sees(row)
    label = await listed.locator(".keys button").first.inner_text()
    await desk.press(label)
    return label.partition(" ")[2]


async def test_survivor_and_staff_find_each_other_and_leave_no_trace(
    watched: Watched, album: Album
) -> None:
    """From START to a talk with a person, then *leave now*, and back through the neutral door."""
    survivor, desk = watched.survivor, watched.desk
    await survivor.start()
    await survivor.sees(NOTICE)
    await patient(survivor.note).to_contain_text("silent")
    await album.take("notice", survivor.column)
    await survivor.press("Español")
    await survivor.sees(AVISO)
    await survivor.press("English")
    await survivor.sees(NOTICE)

    await survivor.press("Go on")
    await survivor.marks("To be heard", "Safety for me")
    await album.take("needs", survivor.column)
    await survivor.press("Done")
    await survivor.sees("You marked: To be heard and Safety for me.")
    await survivor.press("Look at the ways")
    await survivor.sees("There is more than one way on.")
    await survivor.press("A meeting about what happened")
    await survivor.sees("A planned talk between")
    await survivor.press("Go on")
    await survivor.sees("Who can use it")
    await album.take("way", survivor.column)

    await asks_for_a_person(survivor, album)
    alias = await takes(desk, "1 waiting")
    held = await desk.sees(f"You hold {alias}.")
    await patient(held).to_contain_text(HER_WORDS)
    await desk.types(THEIR_WORDS)

    opened = await survivor.sees("There is something new here.")
    await patient(survivor.note).to_contain_text("rings")
    await album.take("demo", watched.page)
    assert await survivor.messages.filter(has_text=THEIR_WORDS).count() == 0
    await opened.get_by_role("button", name="Open").click()
    await survivor.sees(THEIR_WORDS)
    await survivor.sees("You are writing with a person now.")
    await survivor.types(HER_ANSWER)
    await desk.sees(f"{alias}: {HER_ANSWER}")
    await album.take("talk", watched.page)

    await survivor.types("leave now")
    await survivor.has_only("Hello.")
    await patient(survivor.note).to_have_count(0)
    for words in (HER_WORDS, HER_ANSWER, THEIR_WORDS):
        await desk.sees_no_more(words)
    await desk.sees(f"{alias} is away: do not write.")
    await album.take("after", watched.page)

    await survivor.types("hello")
    await survivor.sees(NOTICE)
    await survivor.press("Go on")
    await survivor.sees("Your request is paused.")
    await says_nothing_to_others(watched)


async def test_the_same_in_spanish_with_words_that_match_nothing(watched: Watched) -> None:
    """A phone in Spanish gets Spanish from the first word on; rubbish changes nothing."""
    survivor, desk = watched.survivor, watched.desk
    await survivor.opens("Luz")
    await patient(survivor.column.get_by_label("App language")).to_have_value("es")
    await survivor.start()
    await survivor.sees(AVISO)
    await survivor.press("Seguir")
    await survivor.marks("Que me escuchen")
    for rubbish in RUBBISH:
        await survivor.types(rubbish)
        await patient(survivor.column.locator(".msg.mine", has_text=rubbish)).to_have_count(1)
        await survivor.sees_no_more(rubbish)
        screen = await survivor.sees("Marcó: Que me escuchen")
        await patient(screen).to_contain_text(KIND_ANSWER)
    await survivor.press("Hablar con una persona", "Ver cómo funciona")
    await survivor.press("Sí, alguien puede escribirme", "Otro lugar o sin respuesta", "Listo")
    await survivor.sees("¿Qué debería saber primero la persona?")
    await survivor.press("Saltar este paso", "Enviar esto al equipo")
    await survivor.sees("Ya se envió.")

    await desk.opens("Kim")
    alias = await takes(desk, "· Spanish ·")
    await desk.types("Buenas tardes.")
    await desk.sees(f"Held. Will be shown when {alias} writes next.")
    assert await survivor.messages.filter(has_text="Hay algo nuevo aquí.").count() <= 1
    await survivor.types("salir ya")
    await survivor.has_only("Hola.")
    await desk.sees(f"{alias} is away: do not write.")
    await says_nothing_to_others(watched)


async def test_first_steps_go_by_keyboard_alone(watched: Watched) -> None:
    """Tab and Enter reach START, the marks, the next page and the message field."""
    survivor, keyboard = watched.survivor, watched.page.keyboard
    await tab_to(watched, "START")
    await keyboard.press("Enter")
    await survivor.sees(NOTICE)
    await tab_to(watched, "Go on", backwards=True)
    await keyboard.press("Enter")
    await survivor.sees("What matters to you right now?")
    await tab_to(watched, "To be heard")
    await keyboard.press("Enter")
    await patient(survivor.key("✓ To be heard")).to_be_focused()
    await keyboard.press("Enter")
    await patient(survivor.key("To be heard")).to_be_focused()
    await tab_to(watched, "Done")
    await keyboard.press("Enter")
    await survivor.sees("There is more than one way on.")
    await tab_to(watched, "Message as survivor")
    await keyboard.type("leave now")
    await keyboard.press("Enter")
    await survivor.has_only("Hello.")


async def tab_to(watched: Watched, name: str, *, backwards: bool = False) -> None:
    """Press Tab until the control with this name has the focus; a page has fewer than a hundred."""
    for _ in range(100):
        await watched.page.keyboard.press("Shift+Tab" if backwards else "Tab")
        focused = await watched.page.evaluate(
            "document.activeElement.ariaLabel || document.activeElement.textContent.trim()"
        )
        if focused == name:
            return
    pytest.fail(f"Tab never came to {name!r}")


@pytest.mark.parametrize("viewport", [{"width": 360, "height": 740}], ids=["360x740"])
async def test_nothing_sticks_out_on_a_narrow_phone(watched: Watched) -> None:
    """At 360 pixels both languages fit, with whole words on buttons one can hit."""
    survivor = watched.survivor
    for name, notice, onward, numbers in (
        ("Ana", NOTICE, "Go on", "Numbers"),
        ("Luz", AVISO, "Seguir", "Números"),
    ):
        await survivor.opens(name)
        await survivor.start()
        await survivor.sees(notice)
        for pressed in (onward, numbers):
            await survivor.press(pressed)
            await survivor.sees("988" if pressed == numbers else "?")
            assert await watched.page.evaluate("document.documentElement.scrollWidth") == 360
            assert await watched.page.evaluate(CUT_OFF) == []


CUT_OFF = """
[...document.querySelectorAll(".keys button, .bubble .text")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1
    || (one.matches("button") && one.getBoundingClientRect().height < 24))
  .map((one) => one.textContent)
"""
"""Texts that are wider than what holds them, and buttons that are too flat."""
