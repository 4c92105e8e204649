#!/usr/bin/env python
"""Command-line entry of Evalsite; ``manage.py help`` lists the commands."""

import os
import sys


def main() -> None:
    """Run one command with the project's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
