"""Pictures of the help pages."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def picture(name: str, shows: str) -> SafeString:
    """A picture that ``scripts/help_pictures.py`` took; ``shows`` stands below it and is read aloud."""
    return format_html(
        '<figure class="help-picture"><img src="{}" alt="页面图：{}"><figcaption>{}</figcaption></figure>',
        static(f"help/{name}.webp"),
        shows,
        shows,
    )
