"""The words of Sagalab as data: what is wanted, how it is served, what crosses between the layers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

WorkflowType = Literal["purchase_order", "bulk_order", "travel_booking", "service_appointment", "software_license"]
Domain = Literal[
    "technology", "office", "travel", "services", "food", "apparel", "health", "industrial", "home", "other"
]
Channel = Literal["B2C", "corporate"]
ShippingMethod = Literal["standard", "express", "overnight", "pickup"]
Priority = Literal["high", "medium", "low"]
TravelMode = Literal["flight", "train", "bus", "ferry", "hotel", "car", "taxi"]
TravelClass = Literal["economy", "premium_economy", "business", "first"]
TripType = Literal["one_way", "round_trip"]
ConditionEvent = Literal["payment_failed", "shipping_failed", "out_of_stock", "delayed", "over_budget"]
ConditionAction = Literal["call", "sms", "email", "cancel"]
RefusalCode = Literal[
    "empty",
    "too_long",
    "not_an_order",
    "ambiguous_quantity",
    "unsupported_currency",
    "negative_or_zero_quantity",
    "unsupported_language",
]

Policy = Literal["compensate", "continue", "ask"]
Direction = Literal["do", "undo", "close"]
Choice = Literal["retry", "edit", "skip", "give_up"]
Notice = Literal["email", "sms", "call"]
ControlName = Literal["pause", "resume", "cancel", "hurry"]
PlanName = Literal["saga", "sequence"]
PlanPart = Literal["payment", "order", "conversion", "booking", "shipping", "email", "sms", "call"]
Outcome = Literal["confirmed", "confirmed_with_issues", "refunded", "rejected", "cancelled"]
Status = Literal[
    "running",
    "paused",
    "needs_attention",
    "compensation_stuck",
    "confirmed",
    "confirmed_with_issues",
    "refunded",
    "rejected",
    "cancelled",
]
OUTCOMES: tuple[str, ...] = get_args(Outcome)

Fact = str | int | bool | None
Facts = dict[str, Fact]
Params = tuple[tuple[str, Fact], ...]


class Model(BaseModel):
    """What crosses a boundary: frozen, no unknown fields, no NaN."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )


# What is wanted ------------------------------------------------------------------------------


# Letters, marks and signs that show nothing although Unicode does not count them among the control characters.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\U000e0100-\U000e01ef"
_HIDDEN = re.compile(f"[{_BLANK}\ufe00-\ufe0f]")
# Around a sign of another script than the Latin one, or an emoji, they are part of how it is written: one joiner
# between two, one selector behind.
_SIGN = f"[^\\0-\u02ff\\s\u2000-\u206f\ufe00-\ufe0f\ufeff{_BLANK}]"
_PART = re.compile(f"(?<={_SIGN})[\ufe00-\ufe0f]|(?:(?<={_SIGN})|(?<={_SIGN}[\ufe00-\ufe0f]))[\u200c\u200d](?={_SIGN})")


def visible(text: str) -> str:
    """The text without what can't be seen, or turns what can: control, format and bidi characters, blank letters.

    A line break and a tab are a space here. Nothing else is changed, so a text that can be seen as a whole is the same.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = {match.start() for match in _PART.finditer(text)}
    return "".join(char if place in kept else _shown(char) for place, char in enumerate(text))


def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if char in "\t\n\v\f\r\x85" or category in ("Zl", "Zp"):
        return " "
    return "" if category in ("Cc", "Cf") or _HIDDEN.match(char) else char


def _visible(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s<>\"',;:\\]{1,64}@[^@\s<>\"',;:\\]{1,180}\.[^@\s.<>\"',;:\\]{2,24}", text):
        raise ValueError(f"'{text[:60]}' is not an e-mail address; write it like name@example.com")
    return text


def _phone(text: str) -> str:
    if not re.fullmatch(r"[+\d(][\d\s().\-/]{4,30}", text) or not 5 <= sum(c.isdigit() for c in text) <= 15:
        raise ValueError(f"'{text[:40]}' is not a phone number; write 5 to 15 digits, like +49 151 5550100")
    return text


Visible = BeforeValidator(_visible)
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), Visible]
Address = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), Visible]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Amount = Annotated[Decimal, Field(ge=0, le=Decimal("1e9"), max_digits=16)]
Email = Annotated[str, AfterValidator(_email), Visible]
Phone = Annotated[str, AfterValidator(_phone), Visible]
Count = Annotated[int, Field(ge=1, le=100_000)]


class Item(Model):
    """One line of an order. `unit_price` is in the request's currency; None: an offer is estimated."""

    name: Short
    quantity: Annotated[Decimal, Field(gt=0, le=100_000_000, max_digits=14)] = Decimal(1)
    unit: Short | None = None
    unit_price: Amount | None = None


class Notifications(Model):
    """Per channel: True asked for, False declined, None unsaid."""

    email: bool | None = None
    sms: bool | None = None
    call: bool | None = None


class Condition(Model):
    """'If this happens, then do that'; as JSON `{"if": ..., "then": ...}`."""

    event: ConditionEvent = Field(alias="if")
    then: ConditionAction


class OrderRequest(Model):
    """What the user wants. `defaulted` names the fields that were filled by a default, not read from the text."""

    workflow_type: WorkflowType = "purchase_order"
    domain: Domain = "other"
    items: Annotated[tuple[Item, ...], Field(max_length=500)] = ()
    currency: Currency = "USD"
    convert_to: Currency | None = None
    total_price: Amount | None = None
    budget: Amount | None = None
    discount_percent: Annotated[Decimal, Field(ge=0, le=100, max_digits=16)] | None = None
    promo_code: Short | None = None
    customer_id: Short | None = None
    customer_email: Email | None = None
    phone_number: Phone | None = None
    address: Address | None = None
    channel: Channel = "B2C"
    wallet: Short | None = None
    shipping_method: ShippingMethod = "standard"
    priority: Priority = "medium"
    notifications: Notifications = Notifications()
    conditions: Annotated[tuple[Condition, ...], Field(max_length=20)] = ()
    date: Short | None = None
    return_date: Short | None = None
    time: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None
    travel_mode: TravelMode | None = None
    travel_class: TravelClass | None = None
    trip_type: TripType | None = None
    origin: Short | None = None
    destination: Short | None = None
    passengers: Count | None = None
    rooms: Count | None = None
    nights: Count | None = None
    attendees: Count | None = None
    seats: Count | None = None
    defaulted: tuple[str, ...] = ()

    @property
    def corporate(self) -> bool:
        """Paid from a wallet, not by card."""
        return self.channel == "corporate"

    @property
    def ships(self) -> bool:
        """Goods leave a warehouse; travel, services and licences do not."""
        return self.workflow_type in ("purchase_order", "bulk_order")

    @property
    def pay_currency(self) -> str:
        """ISO code of the money that is taken."""
        return self.convert_to or self.currency

    def title(self) -> str:
        """A few words for lists and headings, such as '2 × laptop, 1 × dock'."""
        if self.workflow_type == "travel_booking":
            what = " ".join(str(word) for word in (self.passengers or self.rooms, self.travel_mode or "trip") if word)
            return what + (f" to {self.destination}" if self.destination else "")
        shown = ", ".join(f"{item.quantity.normalize():f} × {item.name}" for item in self.items[:3])
        return (shown or self.workflow_type.replace("_", " ")) + (" …" if len(self.items) > 3 else "")

    def facts(self, version: int = 1) -> Facts:
        """What steps may use: scalars; the order and the contact only by reference to their version."""
        return {
            "order": f"order/{version}",
            "contact": f"contact/{version}",
            "corporate": self.corporate,
            "b2c": not self.corporate,
            "wallet": self.wallet,
            "currency": self.currency,
            "pay_currency": self.pay_currency,
            "converts": self.pay_currency != self.currency,
            "ships": self.ships,
            "shipping_method": self.shipping_method,
            "priority": self.priority,
            "notify_email": self.notifications.email is not False,
            "notify_sms": self.notifications.sms is not False,
            "notify_call": self.notifications.call is True,
            "paid_minor": None,
            "refunded_minor": None,
            "credit_minor": 0,
        }


class Edit(Model):
    """What a person may change before a retry; None leaves a field as it is."""

    customer_email: Email | None = None
    phone_number: Phone | None = None
    address: Address | None = None
    shipping_method: ShippingMethod | None = None
    wallet: Short | None = None
    budget: Amount | None = None
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=500)] | None = None

    def changed(self) -> dict[str, Any]:
        """Field -> new value, of the fields that are set."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}


# How it is served ----------------------------------------------------------------------------


class RetryPolicy(Model):
    """How often and when an action is tried within a visit. Waits are in seconds."""

    attempts: Annotated[int, Field(ge=1, le=20)] = 3
    first_wait_s: Annotated[float, Field(ge=0, le=3600)] = 0.5
    factor: Annotated[float, Field(ge=1, le=10)] = 2.0
    longest_s: Annotated[float, Field(ge=0, le=86_400)] = 30.0

    def wait_s(self, attempt: int) -> float:
        """Seconds to wait after `attempt` (counted from 1) failed."""
        return min(self.first_wait_s * self.factor ** (attempt - 1), self.longest_s)


class Step(Model):
    """A node of a plan: one service action, the facts it is given, and what to do when it fails for good.

    `uses` maps parameter to fact, `params` holds constants. `when` names facts that must all be true.
    `alternative` is tried, in order, before the policy. `critical` steps come before the pivot;
    `owed` ones are retried until they are done.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{0,39}(/notice)?$")]
    action: str
    title: Short
    undo: str | None = None
    uses: dict[str, str] = {}
    params: dict[str, Fact] = {}
    when: tuple[str, ...] = ()
    policy: Policy = "compensate"
    critical: bool = True
    owed: bool = False
    retry: RetryPolicy = RetryPolicy()
    edition: Annotated[int, Field(ge=1)] = 1
    alternative: tuple[Step, ...] = ()

    @property
    def service(self) -> str:
        """The service that the action belongs to."""
        return self.action.partition(".")[0]

    def holds(self, facts: Mapping[str, Fact]) -> bool:
        """Whether these facts ask for this step."""
        for name in self.when:
            if not facts.get(name):
                return False
        return True


class PlanCondition(Model):
    """'If `step` fails (with `code`), then ...', made from a request's condition."""

    step: str
    code: str | None = None
    then: ConditionAction


CRITICAL_PARTS: tuple[PlanPart, ...] = ("payment", "order", "conversion", "booking", "shipping")
MESSAGE_PARTS: tuple[PlanPart, ...] = ("email", "sms", "call")
_CONTINUE = ("shipping", *MESSAGE_PARTS)  # an order goes on without these


class PlanWish(Model):
    """A wish about one part of the plan, by a person's word for it: exactly one of attempts, policy, tell_before.

    attempts: how often its steps are tried in all. policy: what happens when it fails for good; behind the pivot
    nothing is undone, so messages never compensate. tell_before: the channel of a notice that goes out before it.
    """

    step: PlanPart
    attempts: Annotated[int, Field(ge=1, le=20)] | None = None
    policy: Policy | None = None
    tell_before: Notice | None = None

    @model_validator(mode="after")
    def _can_be_had(self) -> PlanWish:
        if sum(value is not None for value in (self.attempts, self.policy, self.tell_before)) != 1:
            raise ValueError("a wish is about one thing: attempts, policy or tell_before")
        if self.policy == "continue" and self.step not in _CONTINUE:
            raise ValueError(f"no order goes on without its {self.step}; choose ask or compensate")
        if self.policy == "compensate" and self.step in MESSAGE_PARTS:
            raise ValueError("messages go out when nothing can be undone any more; choose ask or continue")
        if self.tell_before and self.step in MESSAGE_PARTS:
            raise ValueError("a notice comes before payment, order, conversion, booking or shipping")
        return self

    @property
    def place(self) -> tuple[str, str]:
        """What it is about: of two wishes about the same, the later one counts. Each channel of notices is its own."""
        if self.tell_before:
            return self.step, f"tell_before.{self.tell_before}"
        return self.step, "policy" if self.policy else "attempts"


Wishes = Annotated[tuple[PlanWish, ...], Field(max_length=40)]


def settle_wishes(wishes: Iterable[PlanWish]) -> tuple[PlanWish, ...]:
    """The wishes that count, in an order of their own: the same ones give the same plan however they were said."""
    by_place = {wish.place: wish for wish in wishes}
    parts = get_args(PlanPart)
    return tuple(by_place[place] for place in sorted(by_place, key=lambda place: (parts.index(place[0]), place[1])))


class Plan(Model):
    """Stages run one after another; the steps of a stage run side by side.

    `on_failure` steps tell the customer of a refunded or rejected run. `ticket`, `email` and `sms` are the
    patterns for what conditions and retries send. `given` are facts known beforehand (a repair's).
    """

    name: Short
    version: int = 1
    stages: tuple[tuple[Step, ...], ...]
    on_failure: tuple[Step, ...] = ()
    ticket: Step
    email: Step
    sms: Step
    conditions: tuple[PlanCondition, ...] = ()
    given: dict[str, Fact] = {}

    def steps(self) -> Iterator[Step]:
        """All steps of the stages in plan order; an alternative's follow the step they stand in for."""
        for stage in self.stages:
            for step in stage:
                yield step
                yield from step.alternative

    @cached_property
    def order(self) -> dict[str, int]:
        """Place of each step in plan order."""
        return {step.id: place for place, step in enumerate(self.steps())}

    def pivot(self, facts: Mapping[str, Fact]) -> str | None:
        """The last critical step that these facts do not skip; None where nothing is critical (a repair)."""
        for stage in reversed(self.stages):
            for step in reversed(stage):
                if step.critical and step.holds(facts):
                    return step.id
        return None


# What crosses between interpreter, worlds and services ---------------------------------------


class Call(NamedTuple):
    """One try of an action. Its key is the same for every attempt and replay, and the visits of one edition."""

    run: str
    step: str
    action: str
    direction: Direction
    edition: int
    visit: int
    attempt: int
    params: Params

    def at(self, attempt: int) -> Call:
        """The same call as another attempt."""
        run, step, action, direction, edition, visit, _, params = self
        return Call(run, step, action, direction, edition, visit, attempt, params)

    @property
    def key(self) -> str:
        """The idempotency key: run/step/edition."""
        return f"{self.run}/{self.step}/{self.edition}"

    @property
    def service(self) -> str:
        """The service that is called."""
        return self.action.partition(".")[0]


class Reply(NamedTuple):
    """An answer (code is None) or a fault.

    unknown: this attempt ended without an answer. spent: the key was closed, a new do needs a new edition.
    """

    code: str | None
    answer: Mapping[str, Fact] = {}
    final: bool = False
    unknown: bool = False
    spent: bool = False


class Control(NamedTuple):
    """What people have asked of a run so far; `hurries` counts retry-now."""

    paused: bool = False
    cancelled: bool = False
    hurries: int = 0


class Decision(NamedTuple):
    """What a person decided about a question. `changes` are facts; contact data only by reference."""

    step: str
    visit: int
    choice: Choice
    changes: Params = ()
    notice: Notice | None = None
    profile: int = 0


class Question(NamedTuple):
    """Put to a person: a failed step (`needs_attention`) or what is owed (`compensation_stuck`)."""

    status: Literal["needs_attention", "compensation_stuck"]
    step: str
    visit: int
    code: str


class Entry(NamedTuple):
    """A journal row before the store gives it its position. `seq` counts within the run; `at` is Unix seconds.

    kind 'answer': the call's fields and body {action, params, code, answer, took_ms, final?, unknown?, next_at?};
    'event': body {event, ...}; 'control': body {control}; 'decision': body as `Decision`.
    """

    seq: int
    kind: Literal["answer", "event", "control", "decision"]
    step: str
    direction: str
    edition: int
    visit: int
    attempt: int
    at: float
    body: dict[str, Any]


class Row(NamedTuple):
    """One journal row: an `Entry` of a run. `position` counts over journal and ledger in commit order."""

    run: str
    seq: int
    position: int
    format: int
    kind: Literal["answer", "event", "control", "decision"]
    step: str
    direction: str
    edition: int
    visit: int
    attempt: int
    at: float
    body: dict[str, Any]
