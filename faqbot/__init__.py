"""faqbot answers customers from a company's own FAQ, and knows when it is right."""

import os

__version__ = "0.2.0.dev0"

# The number libraries read these when they are loaded, so this comes first. Idle threads that spin, and products of
# small matrices that are split over all cores, make everything ten times slower as soon as two things happen at once:
# questions side by side, or learning beside answering. The forward pass still uses every core.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
