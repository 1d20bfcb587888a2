"""The one error of opening storage. It decides nothing; it carries a paragraph for the operator."""


class StartupRefused(Exception):
    """Storage cannot be used as it is. The text says what is wrong and what to do; nothing was
    changed.
    """
