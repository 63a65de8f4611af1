"""What the form of a noun tells: its singular, its head, and whether it counts licences."""

from __future__ import annotations

import re
from functools import lru_cache

_LICENCE = {"license", "licence", "seat", "subscription", "activation"}
_NOT_SOFTWARE_SEAT = set(
    """
    car bike bicycle toilet child booster stadium garden driving fishing boat theatre
    """.split()
)

_IRREGULAR = {
    "yds": "yd",
    "mice": "mouse", "people": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot",
    "geese": "goose", "teeth": "tooth", "dice": "die", "knives": "knife", "shelves": "shelf", "leaves": "leaf",
    "loaves": "loaf", "halves": "half", "wives": "wife", "lives": "life", "scarves": "scarf", "hooves": "hoof",
    "wolves": "wolf", "calves": "calf", "shoes": "shoe", "houses": "house", "blouses": "blouse", "fuses": "fuse",
    "movies": "movie", "cookies": "cookie", "hoodies": "hoodie", "brownies": "brownie", "smoothies": "smoothie",
    "pies": "pie", "ties": "tie", "lenses": "lens", "axes": "axe", "canoes": "canoe", "caches": "cache",
    "cacti": "cactus", "fungi": "fungus", "alumni": "alumnus", "syllabi": "syllabus", "styli": "stylus",
    "indices": "index", "matrices": "matrix", "vertices": "vertex", "oxen": "ox", "abaci": "abacus", "radii": "radius",
    "hoes": "hoe", "toes": "toe", "oboes": "oboe", "foes": "foe", "aloes": "aloe", "horseshoes": "horseshoe",
    "snowshoes": "snowshoe",
    "quiches": "quiche", "brioches": "brioche", "moustaches": "moustache", "niches": "niche", "ceviches": "ceviche",
    "porsches": "porsche", "toothaches": "toothache", "selfies": "selfie", "headaches": "headache",
}  # fmt: skip
_PLURALS = {one: several for several, one in _IRREGULAR.items()}
_WITH_OES = set("potato tomato mango echo hero torpedo tornado mosquito domino".split())
_IE = set(
    """
    movie cookie hoodie brownie smoothie pie tie selfie talkie calorie zombie rookie veggie foodie birdie freebie
    onesie beanie genie pinkie collie prairie toastie budgie hippie necktie bowtie sweetie barbie potpie goalie
    caddie auntie pixie roadie hankie nightie hoagie newbie townie wheelie zombie magpie bougie boogie rookie doggie
    """.split()
)
_ALWAYS_PLURAL = set(
    (
        "scissors pants trousers jeans shorts glasses sunglasses goggles pliers tweezers tongs "
        "headphones earphones binoculars pyjamas leggings overalls news series species"
    ).split()
)
_PAIRED = set(
    "shoe boot sock glove mitten slipper sandal sneaker trainer heel earring earbud earplug ski skate".split()
)
# What has no plural of its own: what is counted by its unit, and units that are written short.
_NO_PLURAL = set(
    """
    rice flour sugar salt pepper milk water coffee tea juice beer wine bread butter cheese meat beef pork chicken fish
    salmon tuna bacon ham fruit honey jam oil vinegar pasta soup food furniture equipment software hardware stationery
    paper cardboard luggage baggage clothing jewellery jewelry cutlery crockery linen bedding machinery signage
    packaging lighting flooring fencing wiring cabling tubing merchandise produce ice sand cement gravel concrete
    plaster mortar soil compost mulch paint varnish diesel petrol fuel coal charcoal glue detergent bleach hay straw
    feed litter clay wax wool cotton leather steel timber wood glassware footwear underwear training insurance
    information advice help support aircraft sheep deer dozen hundred thousand gross
    kg g mg lb lbs oz l ml cl dl m cm mm km ft yd sqm pc pcs ea hz gb tb
    """.split()
)
_ENDING_IN_I = set(
    """
    pepsi taxi ski bikini kiwi zucchini safari alibi emoji panini martini chilli chili sari yeti maxi khaki wonton
    maki tiki kaki sushi salami biryani bhaji nigiri teriyaki tandoori kiwi corgi spaghetti ravioli broccoli
    calamari zamboni bonsai chai origami tsunami wiki mini midi yogi rani karahi
    """.split()
)
_COMPOUND = ("shelves", "knives", "loaves", "scarves", "women", "children", "mice", "teeth")
# 'foremen' and 'salesmen', not 'ramen' or 'specimen'.
_MEN = re.compile(r"(?<!\bs)[^aiouy]men\Z")
_AS_THEY_ARE = ("ss", "us", "is", "ics")


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """The singular of an English noun, lower case; a word that is none comes back as it is."""
    word = word.lower()
    if word in _IRREGULAR or word in _ALWAYS_PLURAL:
        return _IRREGULAR.get(word, word)
    if ending := next((ending for ending in _COMPOUND if word.endswith(ending)), None):
        return word.removesuffix(ending) + _IRREGULAR[ending]
    if word.endswith("s") and word[:-1] in _ENDING_IN_I:
        return word[:-1]
    if _MEN.search(word):
        return word[:-2] + "an"
    if len(word) < 4 or not word.endswith("s") or word.endswith(_AS_THEY_ARE) or not word[-2].isalpha():
        return word[:-1] if len(word) == 3 and word.endswith("s") and word[0] not in "gby" else word
    if word.endswith("ies") and word.split("-")[-1][:-1] in _IE:
        return word[:-1]
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("ouses"):
        return word[:-1]
    if word.endswith(("sses", "shes", "ches", "xes", "zes", "uses", "oes")):
        return word[:-2]
    return word[:-1]


def plural(name: str) -> str:
    """A noun phrase as it is said of several: 'boxes', 'cups of tea'; 'trousers' and 'rice' stay as they are."""
    head, of, rest = name.partition(" of ")
    before, space, last = head.rpartition(" ")
    return f"{before}{space}{_several(last)}{of}{rest}"


def _several(word: str) -> str:
    lower = word.lower()
    if found := _PLURALS.get(lower):
        return found
    if lower in _NO_PLURAL or not word[-1:].isalpha() or is_plural(word):
        return word
    if lower.endswith("man") and _MEN.search(f"{lower[:-2]}en"):
        return word[:-2] + "en"
    if lower.endswith("y") and lower[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    if lower.endswith(("s", "sh", "ch", "x", "z")) or (lower.endswith("o") and lower in _WITH_OES):
        return word + "es"
    return word + "s"


def is_plural(word: str) -> bool:
    """Whether a noun stands for several."""
    return word.lower() in _ALWAYS_PLURAL or singular(word) != word.lower()


def comes_in_pairs(head: str, domain: str | None) -> bool:
    """Whether 'two pairs of' such things are two, not four: shoes, gloves, jeans, scissors."""
    return head in _ALWAYS_PLURAL or head in _PAIRED or (domain == "apparel" and head not in ("shirt", "hat", "dress"))


def head_of(name: str) -> str:
    """The noun that a name is about: the last word, of the part before 'of'."""
    words = name.split(" of ")[0].split()
    return singular(words[-1]) if words else ""


def canonical(words: list[str]) -> str:
    """A name in lower case with its head in the singular."""
    for at in range(len(words) - 2):
        if singular(words[at]) in _LICENCE and words[at + 1] in ("of", "for", "to"):
            words = [*words[:at], *words[at + 2 :], words[at]]
            break
    if "of" in words[1:]:
        at = words.index("of", 1) - 1
        return " ".join([*words[:at], singular(words[at]), *words[at + 1 :]]).lower()
    return " ".join([*words[:-1], singular(words[-1])]).lower()


def is_licence(name: str) -> bool:
    """Whether a name counts seats of software."""
    return head_of(name) in _LICENCE and not _NOT_SOFTWARE_SEAT & set(name.split())
