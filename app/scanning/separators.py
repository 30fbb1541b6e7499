"""Repairs of what scanners and input methods do to a code on its way.

FNC1 arrives as 0x1D; many wedges replace it by text that a keyboard can type.  Input methods turn
letters and digits into full-width forms, and a French keyboard setting turns digits into signs.
"""

from __future__ import annotations

import re

from app.scanning.element_strings import FNC1

_REPLACEMENTS = re.compile(
    r"[<{\[(](?:GS|FNC1|F1)[>}\])]|\\x1d|\\u001d|\\035|\^\]|~1|[|\u241d]|&#(?:29|x1d);",
    re.IGNORECASE,
)

# U+FF01 to U+FF5E are the full-width forms of ! to ~; the others are what Chinese input methods
# put in the place of ASCII punctuation.
_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | str.maketrans(
    "\u3000\u3010\u3011\u3002\u3001", " []./"
)

# The keys of the digit row, typed without shift on a French keyboard, and with shift on a US one.
_DIGIT_ROWS = (
    str.maketrans("&é\"'(-è_çà", "1234567890"),
    str.maketrans("!@#$%^&*()", "1234567890"),
)


def restore_fnc1(text: str) -> str:
    """The text with known replacements of FNC1 turned back into 0x1D."""
    return _REPLACEMENTS.sub(FNC1, text)


def narrow(text: str) -> str:
    """The text with full-width letters, digits and signs turned into ASCII."""
    return text.translate(_FULL_WIDTH)


def other_layouts(text: str) -> list[str]:
    """What the text would be if the keyboard layout had turned digits into signs.

    Empty when a digit is there: then the layout was right.
    """
    if not text or any("0" <= character <= "9" for character in text):
        return []
    repaired = [text.translate(row) for row in _DIGIT_ROWS]
    return [other for other in repaired if other != text]
