"""Given names that are forms of one another, beyond what the package `nicknames` knows.

Contractions as they are printed (Wm., Md., Kr.) and the forms of one name in Russian, Ukrainian and
Belarusian, in the spellings of Arabic names, and in German, Hungarian and Romance calendars of
saints that bibliographies mix. An entry is a set of forms, or short forms = names in full that are
no forms of one another (Mohammed and Muhammad are often two people). A word may stand in several.
"""

from __future__ import annotations

from functools import lru_cache

_FORMS = """
william wm|charles chas|george geo|james jas|joseph jos|thomas thos|robert robt|john jno|edward edw
benjamin benj|alexander alexr|frederick fredk|samuel saml|daniel danl|francisco fco|kumar kr
md mohd muhd mhd=mohammad mohammed muhammad muhammed mohamed mohamad mohammod
sk=sheikh shaikh|sd=syed sayed sayyed sayyid
oleksandr aleksandr alexander alexandr olexandr aleksander aliaksandr alexandre
oleksii alexey aleksei alexei oleksiy aleksey aliaksei olexiy|olena elena helena yelena olha
olha olga|mykola nikolai nikolay mykolai nikolaj mikalai|volodymyr vladimir uladzimir wladimir
dmytro dmitry dmitri dzmitry dmitriy dmitrii dimitri|serhii sergey sergei serhiy siarhei serge
andrii andrey andrei andriy|yevhen evgeny evgeniy yevgeny eugene ievgen yevgen evgenii yauhen
mykhailo mikhail mykhaylo michael|pavlo pavel paul|petro petr pyotr peter piotr
oleh oleg|ihor igor|hryhorii grigory grigorii hryhoriy|heorhii georgy georgii george
kateryna ekaterina yekaterina katerina catherine|hanna anna ganna|iryna irina
nataliia natalia nataliya natalya|tetiana tatiana tatyana tetyana|vasyl vasily vasilii vasiliy
kostiantyn konstantin constantine|fedir fedor fyodor|illia ilya ilia|vitalii vitaly vitaliy
yelyzaveta elizaveta elizabeth|liudmyla lyudmila ludmila|maksym maxim maksim
""".replace("\n", "|")


@lru_cache(maxsize=1)
def _forms_by_name() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _FORMS.split("|"):
        short, _, full = line.partition("=")
        for form in short.split():
            found.setdefault(form, set()).update({*short.split(), *full.split()} - {form})
        for form in full.split():
            found.setdefault(form, set()).update(short.split())
    return {name: frozenset(forms) for name, forms in found.items()}


def forms_of(name: str) -> frozenset[str]:
    """The other forms of a given name (ASCII, lower case); empty where none is known."""
    return _forms_by_name().get(name, frozenset())
