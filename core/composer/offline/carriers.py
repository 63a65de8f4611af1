"""Who carries and lodges travellers, by what they run: names that tell the mode where no other word does."""

from __future__ import annotations

import re

_NAMES = {
    "flight": """
        delta|united airlines|american airlines|southwest|jetblue|alaska airlines|spirit airlines|frontier airlines
        |ryanair|easyjet|lufthansa|british airways|air france|klm|iberia|vueling|wizz air|emirates|qatar airways|etihad
        |qantas|air canada|westjet|aeromexico|avianca|latam|singapore airlines|cathay pacific|ana|japan airlines|indigo
        |air india|turkish airlines|norwegian|finnair|swiss air|tap air portugal|aer lingus|ethiopian airlines
        |kenya airways|hawaiian airlines|air new zealand|red[- ]?eyes?
    """,
    "train": """
        amtrak|eurostar|thalys|tgv|renfe|trenitalia|italo|sncf|deutsche bahn|lner|avanti|shinkansen|bullet trains?
        |acela|brightline|via rail|caltrain|sleeper (?:berths?|compartments?|cabins?)|couchettes?
    """,
    "bus": "greyhound|megabus|flixbus|national express|peter pan bus|redbus|bolt ?bus|ouibus|blablabus|night ?bus",
    "ferry": """
        stena line|p&o|irish ferries|bc ferries|brittany ferries|dfds|caledonian macbrayne|calmac|hydrofoils?
        |catamarans?|car ?ferr(?:y|ies)|wightlink|tallink|viking line|jadrolinija|blue star ferries
    """,
    "car": "hertz|avis|enterprise|sixt|alamo|europcar|thrifty|budget rent[- ]a[- ]car|dollar rent[- ]a[- ]car|turo",
    "taxi": "uber|lyft|bolt|didi|grab|ola|cabify|gett|blacklane",
    "hotel": """
        marriott|hilton|hyatt|sheraton|holiday inn|best western|ritz[- ]carlton|the ritz|westin|radisson|novotel|ibis
        |premier inn|travelodge|motel 6|super 8|four seasons|hampton inn|courtyard|fairmont|comfort (?:inn|suites)
        |la quinta|days inn|doubletree|embassy suites|residence inn|crowne plaza|intercontinental|mercure|sofitel
        |accor|wyndham|ramada|red roof|quality inn|homewood suites|fairfield inn|w hotel|shangri-la|peninsula|langham
        |savoy|plaza|waldorf|st\\.? regis|mandarin oriental|kimpton|aloft|moxy|citizenm|motel one|mgm grand|bellagio
    """,
}
CARRIERS = {mode: re.sub(r"\s*\n\s*", "", names.strip()) for mode, names in _NAMES.items()}
