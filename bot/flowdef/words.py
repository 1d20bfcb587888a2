"""From a scalar of a flow file to a Text: words with the id path they are translated under."""

from .fields import Fields
from .model import Role, Text
from .nodes import Scalar


def text_of(
    fields: Fields, key: str, ctx: str, role: Role, *, required: bool = False, note: str = ""
) -> Text | None:
    """The words under ``key``, to be filed under ``ctx``."""
    found = fields.scalar(key)
    return text_from(found, ctx, role, required=required, note=note)


def text_from(
    found: Scalar | None, ctx: str, role: Role, *, required: bool = False, note: str = ""
) -> Text | None:
    """A Text from a scalar, without the white space that YAML blocks leave around it."""
    if found is None:
        return None
    return Text(ctx, found.text.strip(), found.place, role, required=required, note=note)
