"""What a screen is called where it is not shown: on the button that opens it from a question."""

from bot.core.ids import Language, StepId

from .words import Words


def heading(step: StepId, words: Words, language: Language) -> str:
    """The bold first line of a screen; empty when it has none."""
    context = f"{step}.say"
    if not words.has(context):
        return ""
    content = words.rich(context, language, dict.fromkeys(words.names(context, language), ""))
    first = content.text.partition("\n")[0]
    bold = (entity for entity in content.entities if entity.kind == "bold" and not entity.offset)
    return first if any(entity.length >= len(first) for entity in bold) else ""


def title(step: StepId, words: Words, language: Language) -> str:
    """Its heading; ``The court: How long it takes`` where other flows have the same page.

    The flow's title when it has no heading, and nothing for a screen that is not there.
    """
    named = f"{step.partition('.')[0]}.title"
    flow = words.plain(named, language) if words.has(named) else ""
    own = heading(step, words, language)
    if not flow or not own or not words.has_parallels(step):
        return own or flow
    return words.plain("always.button_found", language, {"flow": flow, "page": own})
