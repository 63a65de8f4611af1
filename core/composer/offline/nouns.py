"""What a noun tells: its singular, its domain, and whether it is somebody's time or a licence."""

from __future__ import annotations

from difflib import get_close_matches

# Head nouns only, as a hint for the domain; nothing else in the reader depends on them.
_DOMAINS = {
    "technology": """
        laptop computer monitor keyboard mouse headset headphone earphone earbud webcam printer scanner tablet phone
        iphone ipad macbook smartphone smartwatch router switch server modem projector camera microphone speaker
        drone dock docking charger adapter cable hub ssd drive disk memory ram gpu cpu processor console tv
        television display stylus usb battery powerbank software license subscription app hosting workstation
        chromebook desktop pc firewall toner cartridge e-reader kindle trackpad touchpad dongle screen lens tripod
    """,
    "office": """
        stapler pen pencil notebook paper envelope folder binder marker eraser whiteboard desk chair supply
        stationery clip paperclip tape label stamp calculator shredder clipboard planner diary highlighter post-it
        ink ream calendar cabinet bookcase lectern pad staple glue ruler
    """,
    "food": """
        coffee tea flour sugar rice oil milk water juice wine beer bread cake pizza sandwich lunch snack fruit apple
        banana orange cheese egg butter chocolate cookie biscuit cereal pasta sauce spice salt pepper meat chicken
        beef fish vegetable potato tomato onion honey nut bagel soda cracker yoghurt catering cupcake donut bean
    """,
    "apparel": """
        shirt t-shirt tshirt hoodie jacket coat dress skirt trousers pants jeans sock shoe boot sneaker hat cap
        scarf glove uniform sweater suit tie belt shorts polo vest apron blouse jersey sandal slipper pyjamas
        cardigan
    """,
    "health": """
        mask bandage thermometer vitamin medicine sanitizer sanitiser syringe wheelchair stethoscope crutch pill
        supplement ointment gauze toothbrush toothpaste inhaler kit sunscreen painkiller defibrillator plaster
    """,
    "industrial": """
        drill hammer wrench screwdriver saw screw nail bolt helmet goggles pallet forklift generator pump valve pipe
        cement brick lumber plywood steel ladder toolbox welder compressor conveyor bearing gasket sandpaper grinder
        crane shovel wheelbarrow rivet hose plank beam timber motor harness respirator vest winch
    """,
    "home": """
        blender toaster kettle mug lamp sofa couch table bed mattress pillow blanket towel curtain rug vase plate
        bowl cup glass fork spoon knife pan pot fridge refrigerator freezer oven microwave dishwasher vacuum washer
        dryer fan heater candle plant flower mower shelf wardrobe mirror clock cushion duvet sheet broom mop
        detergent machine lightbulb bulb iron stool armchair dresser tray basket bin cooker grill barbecue planter
    """,
    "other": """
        book toy game puzzle doll bicycle bike ball racket guitar piano violin drum backpack tent mat dumbbell
        skateboard kayak car truck motorcycle scooter helmet ticket gift card magazine
    """,
}  # fmt: skip
_DOMAIN = {word: domain for domain, words in reversed(_DOMAINS.items()) for word in words.split()}

_TIME = set(
    """
    appointment consultation consult session workshop training repair cleaning class lesson course seminar
    haircut massage inspection checkup check-up maintenance installation service servicing audit therapy
    coaching tutoring visit interview webinar assessment tune-up fitting demo demonstration meeting photoshoot
    viewing valuation survey treatment callout tutorial counselling counseling physio physiotherapy grooming
    detailing manicure makeover briefing review onboarding
    """.split()
)
_PERSON = set(
    """
    plumber electrician cleaner photographer gardener carpenter painter locksmith tutor trainer coach doctor
    dentist lawyer accountant mechanic technician handyman nanny babysitter caterer translator interpreter
    barber hairdresser consultant masseuse therapist mover dj vet piano-tuner decorator builder roofer chef
    notary
    """.split()
)
_LICENCE = {"license", "licence", "seat", "subscription", "activation"}
_NOT_SOFTWARE_SEAT = set(
    """
    car bike bicycle toilet child booster stadium garden driving fishing boat theatre
    """.split()
)

_IRREGULAR = {
    "mice": "mouse", "people": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot",
    "geese": "goose", "teeth": "tooth", "dice": "die", "knives": "knife", "shelves": "shelf", "leaves": "leaf",
    "loaves": "loaf", "halves": "half", "wives": "wife", "lives": "life", "scarves": "scarf", "hooves": "hoof",
    "wolves": "wolf", "calves": "calf", "shoes": "shoe", "houses": "house", "blouses": "blouse", "fuses": "fuse",
    "movies": "movie", "cookies": "cookie", "hoodies": "hoodie", "brownies": "brownie", "smoothies": "smoothie",
    "pies": "pie", "ties": "tie", "lenses": "lens", "axes": "axe", "canoes": "canoe", "caches": "cache",
    "selfies": "selfie", "headaches": "headache",
}  # fmt: skip
_ALWAYS_PLURAL = set(
    (
        "scissors pants trousers jeans shorts glasses sunglasses goggles pliers tweezers tongs "
        "headphones earphones binoculars pyjamas leggings overalls news series species"
    ).split()
)
_AS_THEY_ARE = ("ss", "us", "is", "ics")


def singular(word: str) -> str:
    """The singular of an English noun, lower case; a word that is none comes back as it is."""
    word = word.lower()
    if word in _IRREGULAR or word in _ALWAYS_PLURAL:
        return _IRREGULAR.get(word, word)
    if len(word) < 4 or not word.endswith("s") or word.endswith(_AS_THEY_ARE) or not word[-2].isalpha():
        return word[:-1] if len(word) == 3 and word.endswith("s") and word[0] not in "gby" else word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes", "uses", "oes")):
        return word[:-2]
    return word[:-1]


def is_plural(word: str) -> bool:
    """Whether a noun stands for several."""
    return word.lower() in _ALWAYS_PLURAL or singular(word) != word.lower()


def head_of(name: str) -> str:
    """The noun that a name is about: the last word, of the part before 'of'."""
    words = name.split(" of ")[0].split()
    return singular(words[-1]) if words else ""


def canonical(words: list[str]) -> str:
    """A name in lower case with its head in the singular."""
    if len(words) > 2 and singular(words[0]) in _LICENCE and words[1] in ("of", "for"):
        words = [*words[2:], words[0]]
    if "of" in words[1:]:
        at = words.index("of", 1) - 1
        return " ".join([*words[:at], singular(words[at]), *words[at + 1 :]]).lower()
    return " ".join([*words[:-1], singular(words[-1])]).lower()


def domain_of(name: str) -> str | None:
    """The domain of a name: by its head, its other words from the end, or a spelling close to its head."""
    head, words = head_of(name), [singular(word) for word in name.split()]
    for word in (head, *reversed(words)):
        if word in _DOMAIN:
            return _DOMAIN[word]
    close = get_close_matches(head, _DOMAIN, 1, 0.82) if len(head) > 4 else []
    return _DOMAIN[close[0]] if close else None


def is_time(name: str) -> bool:
    """Whether a name is somebody's time: 'software training', 'plumber'."""
    return head_of(name) in _TIME or head_of(name) in _PERSON


def is_licence(name: str) -> bool:
    """Whether a name counts seats of software."""
    return head_of(name) in _LICENCE and not _NOT_SOFTWARE_SEAT & set(name.split())
