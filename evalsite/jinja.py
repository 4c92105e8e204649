"""The second template engine: Jinja2, for the few parts of pages that are written a hundred times on one page.

It compiles a template to Python, where Django's own engine walks a tree: a row of the queue costs a tenth. The markup
stays in a template, escaped by itself; what a part may call stands here.
"""

from __future__ import annotations

from typing import Any

from django.utils.timezone import localtime
from jinja2 import Environment, StrictUndefined

from reports.templatetags.reports_tags import nil_badge, status_badge, two_places


def environment(**options: Any) -> Environment:
    """Refuses a name that the view did not give, so that a slip is a failure and not an empty cell."""
    made = Environment(**options | {"undefined": StrictUndefined})  # noqa: S701 (Django passes autoescape=True)
    made.globals |= {"status_badge": status_badge, "nil_badge": nil_badge}
    made.filters |= {"two_places": two_places, "localtime": localtime}
    return made
