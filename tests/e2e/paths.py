"""The ways through the flows that many tests share, in English, each as far as its name says."""

from bot.sandbox.model import Message
from tests.e2e.phones import Phone

NOTE = "Please ask me about the canary 7c1f."
"""What she wants the person to know first: a word that must turn up nowhere in clear."""


async def choose_reading(phone: Phone, reading: str) -> None:
    """Choose how to read through the settings, from any screen."""
    if reading == "new":
        await phone.press("More", "Open the settings", "Read with new messages")
        await phone.sees("Your choice is kept.")
        await phone.press("Back to where I was")


async def to_consent(phone: Phone) -> None:
    """From the notice to the question who may write."""
    await phone.press("Go on", "To be heard", "Done", "Talk with a person", "See how it works")
    await phone.sees("May a person write to you here?")


async def to_summary(phone: Phone, hours: tuple[str, ...] = ("Morning",)) -> None:
    """From the notice to what would be sent; without ``hours`` she gives no time zone."""
    await to_consent(phone)
    await phone.press("Yes, a person may write to me")
    if hours:
        await phone.press("Eastern (New York)", *hours, "Done")
    else:
        await phone.press("Another place or no answer")
    await phone.press("Do not use my name", "Done")
    await phone.types(NOTE)
    await phone.sees("This is what would be sent:")


async def hand_over(phone: Phone, hours: tuple[str, ...] = ("Morning",)) -> None:
    """From nothing to a request that waits."""
    await phone.start()
    await to_summary(phone, hours)
    await phone.press("Send this to staff")
    await phone.sees("It has been sent.")


async def take(desk: Phone) -> str:
    """Take the first waiting request. Returns its alias."""
    await desk.types("/queue")
    label = next(label for label in desk.labels if label.startswith("Take "))
    await desk.press(label)
    await desk.sees("You hold ")
    return label.removeprefix("Take ")


async def into_talk(phone: Phone, desk: Phone, hours: tuple[str, ...] = ("Morning",)) -> str:
    """From nothing to a live talk that she has opened. Returns the alias."""
    await hand_over(phone, hours)
    alias = await take(desk)
    if hours:
        await phone.sees("There is something new here.")
        await phone.press("Open")
        await phone.press("Write to the person")
    else:
        await phone.types("person")
        await phone.press("Write to the person")
    await phone.sees("You are writing with a person now.")
    return alias


def charged_in(message: Message | str, words: tuple[str, ...]) -> list[str]:
    """Charged words in the first 40 characters, which a locked phone shows."""
    text = message if isinstance(message, str) else message.text or ""
    first = text[:40].casefold()
    return [word for word in words if word.casefold() in first]
