"""A store, a clock and a few people, so that a contract test can say only what it is about."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.core.case import Case
from bot.core.ids import CaseId, Cause, Language, PersonId, Ref
from bot.core.message import Button, Call, Class, Content, Edit, OutMessage, Send, Tidy
from bot.store.protocol import NEWCOMER, Address, Commit, OutRow, Store

DAWN = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
HER = Address("survivor", 700_111_222_333)
OTHER = Address("survivor", 700_444_555_666)
STAFF = Address("staff", 700_777_888_999)
DULL = Content("Notes")


def words(text: str = "Hello") -> Content:
    """A text with one button."""
    return Content(text, (), ((Button("On", "1.abcdefgh.on"),),))


def send(ref: str = "s1", text: str = "Hello") -> Send:
    """A new message."""
    return Send(Ref(ref), words(text))


def edit(ref: str = "s1", text: str = "Changed") -> Edit:
    """A change of a message."""
    return Edit(Ref(ref), words(text))


def tidy() -> Tidy:
    """Deletes, with the dull content everybody uses here."""
    return Tidy(DULL)


def case_of(person: PersonId, **changes: object) -> Case:
    """A waiting case of that person."""
    values: dict[str, object] = {
        "id": CaseId("case-1"),
        "person": person,
        "alias": "green river",
        "queue": "intake",
        "urgency": "normal",
        "language": Language("en"),
        "state": "waiting",
        "opened_at": DAWN,
        "consent": "be_contacted",
        "consent_until": DAWN + timedelta(days=30),
    }
    return Case(**(values | changes))  # type: ignore[arg-type] - any field may be given


@dataclass
class Scene:
    store: Store
    now: datetime = DAWN
    count: int = field(default=0)

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)

    def cause(self) -> Cause:
        self.count += 1
        return Cause(f"update:survivor:{self.count}")

    def out(
        self, call: Call, kind: Class = "screen", to: PersonId = NEWCOMER, **rest: object
    ) -> OutMessage:
        return OutMessage(to, kind, call, **rest)  # type: ignore[arg-type] - any field may be given

    async def commit(self, at: Address = HER, **parts: object) -> tuple[OutRow, ...]:
        """A commit as its reader would make it: who it is and the versions are looked up."""
        known = await self.store.load(at)
        values: dict[str, object] = {
            "cause": self.cause(),
            "now": self.now,
            "person": known.person,
            "address": at,
            "version": known.version,
            "structure": "structure-1",
        }
        return await self.store.commit(Commit(**(values | parts)))  # type: ignore[arg-type] - any field may be given

    async def meet(self, at: Address = HER, state: dict[str, object] | None = None) -> PersonId:
        """Somebody with a session and nothing queued."""
        await self.commit(at, state=state or {"at": "start"})
        person = (await self.store.load(at)).person
        assert person is not None
        return person

    async def say(
        self, call: Call, kind: Class = "screen", at: Address = HER, **rest: object
    ) -> tuple[OutRow, ...]:
        """Queue one call for somebody who is known."""
        person = (await self.store.load(at)).person
        assert person is not None
        return await self.commit(at, outbox=(self.out(call, kind, person, **rest),))

    async def claim(self, limit: int = 100) -> tuple[OutRow, ...]:
        return await self.store.claim(self.now, limit)

    async def take(self) -> OutRow:
        """The only row that can be claimed now."""
        (row,) = await self.claim()
        return row
