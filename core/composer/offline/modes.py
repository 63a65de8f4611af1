"""The words for each way to travel and to stay."""

from __future__ import annotations

import re

MODES = (
    ("flight", r"flights?|fly(?:ing)?|(?:air)?planes?|air ?fares?|air(?:line|plane)? tickets?"),
    ("train", r"trains?|rail|eurostar|amtrak"),
    ("bus", r"(?:mini-?)?bus(?:es)?|(?:mini-?)?(?<!quiet )coach(?:es)?|greyhound"),
    ("ferry", r"(?:car )?ferr(?:y|ies)|boats?|hydrofoils?|catamarans?"),
    (
        "hotel",
        (
            r"hotels?|hostels?|motels?|inns?|lodges?|resorts?|(?:double|single|twin|family|hotel) rooms?|rooms?|suites?"
            r"|accommodations?|lodgings?|airbnbs?|b&bs?|bed and breakfasts?|guest ?houses?|holiday homes?"
            r"|vacation rentals?"
            r"|(?:places?|somewhere|houses?|apartments?|flats?|villas?|cabins?|cottages?)(?: for (?:us"
            r"|me))? to (?:stay|crash|sleep|spend the night)(?: (?:in|at))?(?![\w-])"
        ),
    ),
    (
        "taxi",
        r"taxis?|cabs?|minicabs?|ubers?(?: ?(?:x|xl|pool|black))?|lyfts?|rideshares?|limo(?:usine)?s?"
        r"|(?:airport )?(?:transfers?|shuttles?)|airport (?:pick-?ups?|drop-?offs?|runs?)|chauffeurs?|(?:chauffeured"
        r"|town|black|private) cars?|rides?|lifts?",
    ),
    (
        "car",
        r"(?:rental|hire) (?:cars?|vans?|suvs?|vehicles?|trucks?)|(?:cars?|vans?|suvs?|vehicles?) to (?:rent"
        r"|hire)|(?:car|van|minivan|suv|truck"
        r"|vehicle|motorbike"
        r"|scooter) (?:rentals?|hire)|cars?|vans?|suvs?|sedans?|minivans?|convertibles?"
        r"|hatchbacks?|pick-?up trucks?|camper ?vans?|(?<!hand )(?<!lift )(?<!fork )(?<!pallet )(?<!food )trucks?",
    ),
)
PATTERNS = dict(MODES)
# One of these is in whatever names a mode.
MODE_WORDS = (
    "accommodation air amtrak apartment b bed black boat bus cab camper car catamaran chauffeur coach "
    "convertible cottage double eurostar family ferry flat flight fly greyhound guest hatchback hire holiday hostel "
    "hotel house hydrofoil inn lift limo lodge lyft mini motel pick place private rail rental resort ride room "
    "scooter sedan shuttle single somewhere suite suv taxi town train truck twin uber vacation van vehicle villa"
)
ANY_MODE = "|".join(pattern for _, pattern in MODES)


def mode_of(words: str) -> str:
    """The mode that these words name."""
    return next(name for name, pattern in MODES if re.fullmatch(pattern, words, re.IGNORECASE))
