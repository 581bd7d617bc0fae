"""`python -m faqbot.cli`."""

from faqbot.cli import main

main()
