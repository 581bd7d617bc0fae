"""The program `faqbot`, also as `python -m faqbot`."""

from __future__ import annotations

from faqbot.process import collect_garbage_rarely, keep_few_programs, print_whatever_there_is


def main() -> None:
    """Tune the process, then run the command."""
    # Before the imports below, which make most of what the collector would look through.
    collect_garbage_rarely()
    keep_few_programs()
    print_whatever_there_is()
    from faqbot.cli import main as run

    run()


if __name__ == "__main__":
    main()
