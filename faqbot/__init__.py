"""faqbot answers customers from a company's own FAQ, and knows when it is right."""

__version__ = "0.1.0"
