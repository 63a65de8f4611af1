"""More work beside the first: 'have my clutch checked and an oil change', 'the lawn mowed and the hedges trimmed'."""

from __future__ import annotations

from core.composer.offline.appointments import PERSONAL, Task, named_at, task_at
from core.composer.offline.deeds import name_of, participles, pattern
from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx
from core.composer.offline.text import Draft

_NEXT = rx(
    r"[\s\0]*(?:,\s?(?:(?:and|plus|also|then)\s)?|\s(?:and|plus|as well as|along with)\s)(?:(?:also|then)\s)?"
    r"(?:(?:to\s)?(?:do|have|get|need|book|want|add)\s)?(?:(?:me|us)\s)?"
    rf"(?:(?:an?|the|some|my|our|his|her|their|{NUMBER})\s(?=[a-z])|(?=[a-z]+s\s))"
)
_DONE = rx(rf"(?P<thing>(?:(?!(?:and|or|for|to|with)\b)[a-z][\w'-]*\s){{1,3}}?)(?P<done>{pattern(participles())})\b")


def read_more_tasks(draft: Draft, task: Task) -> list[Task]:
    """Further services on the list that a first one begins, by their names or by what is to be done."""
    found: list[Task] = []
    at = task.end
    while joint := _NEXT.match(draft.rest, at):
        if done := _DONE.match(draft.rest, joint.end()):
            draft.claim(joint.start(), done.end())
            name = name_of(done["thing"], participles()[done["done"].lower()])
            found.append(Task(name, *done.span()))
        elif (named := named_at(draft.rest, joint.end())) and not PERSONAL.search(named):
            found.append(task_at(draft, joint.end(), named))
        else:
            break
        at = found[-1].end
    return found
