"""The second template engine: Jinja2, for the few parts of pages that are written a hundred times on one page.

It compiles a template to Python, where Django's own engine walks a tree: a row of the queue costs a tenth, a block of
inputs a fifth. The markup stays in a template, escaped by itself; what a part may call stands here.
"""

from __future__ import annotations

from typing import Any

from django.template.defaultfilters import linebreaksbr, truncatechars
from django.utils.timezone import localtime
from jinja2 import Environment, StrictUndefined

from reports.templatetags.reports_tags import nil_badge, two_places
from reports.workspace.inputs import (
    cell_html,
    cells_html,
    comments_html,
    input_html,
    live_cell,
    placed_html,
    table_cell,
)


def environment(**options: Any) -> Environment:
    """Refuses a name that the view did not give, so that a slip is a failure and not an empty cell."""
    made = Environment(**options | {"undefined": StrictUndefined})  # noqa: S701 (Django passes autoescape=True)
    made.globals |= {"nil_badge": nil_badge}
    made.globals |= {"input_html": input_html, "live_cell": live_cell, "comments_html": comments_html}
    # Filters, since Jinja calls them straight away and looks at a function at each call.
    made.filters |= {"cell_html": cell_html, "cells_html": cells_html}
    made.filters |= {"placed_html": placed_html, "table_cell": table_cell}
    made.filters |= {"two_places": two_places, "localtime": localtime}
    made.filters |= {"linebreaksbr": linebreaksbr, "truncatechars": truncatechars}
    return made
