"""Check digits of GS1 keys.

Source: GS1 General Specifications, sections 7.9.1 (modulo 10) and 7.9.5 (alphanumeric pair).
"""

from __future__ import annotations

from app.catalog.codes import check_digit

CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"

_PAIR_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CSET82_VALUE = {character: value for value, character in enumerate(CSET82)}
# One prime per character before the pair, the smallest at the right end; keys have at most 25.
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)


def is_digits(text: str) -> bool:
    """True for one or more ASCII digits; ``str.isdigit`` also takes digits of other scripts."""
    return text.isascii() and text.isdigit()


def has_check_digit(digits: str) -> bool:
    """True when the last of these digits is the modulo 10 check digit of the others."""
    return is_digits(digits) and check_digit(digits[:-1]) == digits[-1]


def check_pair(body: str) -> str:
    """The two check characters of a Global Model Number body.

    ``body`` has 1 to 23 characters of CSET 82; raises ValueError on others.
    """
    if not 1 <= len(body) <= len(_PRIMES) or any(c not in _CSET82_VALUE for c in body):
        raise ValueError(f"no check pair for {body!r}")
    weighted = zip(reversed(body), _PRIMES, strict=False)
    total = sum(_CSET82_VALUE[character] * prime for character, prime in weighted) % 1021
    return _PAIR_ALPHABET[total >> 5] + _PAIR_ALPHABET[total & 31]
