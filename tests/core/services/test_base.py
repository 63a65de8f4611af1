"""What a service is made of, and what holds for every action of every service."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from core.models import Model, OrderRequest
from core.plans import saga
from core.services.base import Action, Service, Tx, action, reference
from core.services.rates import RateSource
from core.services.registry import default_registry

REGISTRY = default_registry(RateSource(live=False))
ACTIONS = [(service, act) for service in REGISTRY.services.values() for act in service.actions.values()]
each_action = pytest.mark.parametrize(("service", "act"), ACTIONS, ids=lambda part: part.name)
SHARED = {"paid_minor", "credit_minor"}  # facts of a request that an answer is meant to replace
UNDOS = {
    "payment_processing.charge": "refund",
    "payment_processing.debit_wallet": "restore_wallet",
    "order_creation.create": "cancel",
    "order_creation.book": "release",
    "currency_conversion.convert": "reverse",
    "shipping_confirmation.confirm": "cancel",
}
PURE = {"order_creation.analyse", "order_creation.find_alternative"}


class Ask(Model):
    what: str


class Told(Model):
    what: str


class Parrot(Service):
    """Repeats."""

    name, title, failure, default_rate = "parrot", "Parrot", "asleep", 0.5

    @action(undo="unsay")
    def say(self, tx: Tx, request: Ask) -> Told:
        """Say it."""
        return Told(what=request.what)

    @action(pure=True)
    def think(self, tx: Tx, request: Ask) -> Told:
        return Told(what=request.what)

    def helper(self) -> None:
        raise AssertionError("no action")


# How a service is made


def test_marked_methods_are_actions_with_the_models_of_their_annotations():
    parrot = Parrot()
    assert list(parrot.actions) == ["say", "think"]
    assert parrot.actions["say"] == Action("say", Ask, Told, Parrot.say, "unsay", False)
    assert parrot.actions["think"] == Action("think", Ask, Told, Parrot.think, None, True)
    assert parrot.undos == {"unsay": parrot.actions["say"]}
    tx: Any = None
    assert parrot.actions["say"].apply(parrot, tx, Ask(what="hi")) == Told(what="hi")


def test_a_service_needs_no_look_up_unless_it_says_so():
    parrot, request = Parrot(), Ask(what="hi")
    assert parrot.prepare("say", request) is request
    assert parrot.needs_io("say") is False


def test_a_reference_is_the_same_for_the_same_key_and_only_then():
    keys = [f"r{run}/{step}/{edition}" for run in range(30) for step in ("charge", "debit") for edition in (1, 2)]
    assert reference("PAY", keys[0]) == reference("PAY", keys[0])
    assert len({reference("PAY", key) for key in keys}) == len(keys)
    assert re.fullmatch(r"PAY_[0-9a-f]{10}", reference("PAY", keys[0]))
    assert reference("CRD", keys[0]).partition("_")[2] == reference("PAY", keys[0]).partition("_")[2]


# What holds for every action


@each_action
def test_request_and_answer_are_frozen_models_that_take_nothing_unknown(service, act):
    for model in (act.request, act.answer):
        assert issubclass(model, Model)
        assert model.model_config["frozen"] is True
        assert model.model_config["extra"] == "forbid"
        assert model.__doc__
    with pytest.raises(ValidationError):
        act.request(surprise=1)


@each_action
def test_an_answer_holds_only_scalars_that_a_journal_keeps(service, act):
    for name, field in act.answer.model_fields.items():
        kinds = set(get_args(field.annotation) or (field.annotation,))
        assert kinds <= {str, int, bool, type(None)}, f"{act.name} answers {name} as {field.annotation}"


@each_action
def test_no_answer_overwrites_a_fact_of_the_request_unnoticed(service, act):
    assert set(act.answer.model_fields) & set(OrderRequest().facts()) <= SHARED


def test_what_is_shared_is_shared_on_purpose():
    facts = OrderRequest().facts()
    given = {field for _, act in ACTIONS for field in act.answer.model_fields}
    assert given & set(facts) == SHARED
    assert {name: facts[name] for name in SHARED} == {"paid_minor": None, "credit_minor": 0}


@each_action
def test_every_action_is_described(service, act):
    assert act.apply.__doc__
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", act.name)


def test_what_moves_money_or_holds_something_names_its_undo():
    undos = {f"{service.name}.{act.name}": act.undo for service, act in ACTIONS if act.undo}
    assert undos == UNDOS
    assert {f"{service.name}.{act.name}" for service, act in ACTIONS if act.pure} == PURE


def test_no_undo_is_an_action_of_its_own_and_none_undoes_two():
    for service in REGISTRY.services.values():
        named = [act.undo for act in service.actions.values() if act.undo]
        assert len(named) == len(set(named)) == len(service.undos)
        assert not set(named) & set(service.actions)


def test_the_plans_undo_what_they_do_as_the_services_say():
    for step in saga(OrderRequest()).steps():
        assert step.undo == REGISTRY.find(step.action)[1].undo, step.id
