"""Ids of a library: a letter for the kind, a number, a check character, such as `p0001m`.

Numbers are written with the 29 signs of NOID (no vowels, so no words; nothing that looks like 1 or
0). The check character is NOID's, too (Kunze and Russell, The Noid check digit algorithm): it finds
every wrong sign and every two that changed places.
"""

from __future__ import annotations

from linkage.errors import InputError

KINDS = {"r": "record", "p": "paper", "a": "person", "j": "judgement"}
_SIGNS = "0123456789bcdfghjkmnpqrstvwxz"
_DIGITS = 4  # at least
_LOOK_ALIKE = str.maketrans("oil", "011")


def make_id(kind: str, number: int) -> str:
    """The id of the thing of a kind (a letter of `KINDS`) that was made as the `number`th, from 1.

    Ids sort as their numbers by `(len(id), id)`.
    """
    digits = ""
    while number:
        number, rest = divmod(number, len(_SIGNS))
        digits = _SIGNS[rest] + digits
    body = kind + digits.rjust(_DIGITS, "0")
    return body + _check_sign(body)


def read_id(text: str) -> str:
    """An id as it was typed (capitals, o for 0, l for 1) as it is written.

    Raises `InputError` where it can't be one, as after a slip of the keys.
    """
    typed = text.strip().lower()
    body, check = typed[:1] + typed[1:-1].translate(_LOOK_ALIKE), typed[-1:].translate(_LOOK_ALIKE)
    shaped = body[:1] in KINDS and len(body) > _DIGITS and set(body[1:]) <= set(_SIGNS)
    if not shaped:
        raise InputError(f"found the id {text!r}, expected one such as {make_id('p', 1)}")
    if check != _check_sign(body):
        raise InputError(f"found the id {text!r}, in which a sign is wrong: expected another")
    return body + check


def is_id(text: str) -> bool:
    """Whether a text is an id, as it is written."""
    try:
        return read_id(text) == text
    except InputError:
        return False


def _check_sign(body: str) -> str:
    values = (max(_SIGNS.find(sign), 0) for sign in body)
    total = sum(place * value for place, value in enumerate(values, start=1))
    return _SIGNS[total % len(_SIGNS)]
