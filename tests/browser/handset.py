"""One phone of the demo's page, read and used as a person would: by what stands on it. It waits for
what should come, and never for a time.
"""

from dataclasses import dataclass

from playwright.async_api import Expect, Locator

PATIENCE = 30_000
"""Milliseconds before something counts as not coming: machines that run tests are busy."""


patient = Expect()
"""`expect` with that patience, leaving the one that other tests share alone."""
patient.set_options(timeout=PATIENCE)


@dataclass(frozen=True, slots=True)
class Handset:
    """``column`` is the phone; ``role`` the word its message field is named by."""

    column: Locator
    role: str

    @property
    def log(self) -> Locator:
        return self.column.get_by_role("log")

    @property
    def messages(self) -> Locator:
        """Those that stand in the chat, oldest first; what fades away is not among them."""
        return self.column.locator(".msg:not(.ghost)")

    @property
    def field(self) -> Locator:
        return self.column.get_by_role("textbox", name=f"Message as {self.role}")

    @property
    def note(self) -> Locator:
        """What the locked phone shows."""
        return self.column.locator(".notes li")

    def key(self, label: str) -> Locator:
        """The newest button with exactly these words."""
        keys = self.messages.locator(".keys")
        return keys.get_by_role("button", name=label, exact=True).last

    async def start(self) -> None:
        """Press START."""
        await self.column.get_by_role("button", name="START").click()

    async def press(self, *labels: str) -> None:
        """Press buttons one after the other, each as soon as it is there."""
        for label in labels:
            await self.key(label).click()

    async def marks(self, *labels: str) -> None:
        """Mark choices, each once the one before has its tick."""
        for label in labels:
            await self.press(label)
            await patient(self.key(f"✓ {label}")).to_be_visible()

    async def types(self, text: str) -> None:
        """Write and send."""
        await self.field.fill(text)
        await self.field.press("Enter")

    async def opens(self, tab: str) -> None:
        """Take up another person's phone."""
        await self.column.locator(".tabs").get_by_role("button", name=tab).click()

    async def sees(self, text: str) -> Locator:
        """Wait for a message with these words, and give the newest back."""
        found = self.messages.filter(has_text=text).last
        await patient(found).to_be_visible()
        return found

    async def sees_no_more(self, text: str) -> None:
        """Wait until these words stand nowhere in the chat, not even fading."""
        await patient(self.column.locator(".msg", has_text=text)).to_have_count(0)

    async def has_only(self, *texts: str) -> None:
        """Wait until the chat holds exactly these messages, and nothing fades any more."""
        await patient(self.column.locator(".msg")).to_have_count(len(texts))
        await patient(self.messages.locator(".text")).to_have_text(list(texts))
