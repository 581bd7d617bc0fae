"""faqbot answers customers from a company's own FAQ, and knows when it is right."""

import gc
import os

__version__ = "0.2.0.dev0"

# The number libraries read these when they are loaded, so this comes first. Idle threads that spin, and products of
# small matrices that are split over all cores, make everything ten times slower as soon as two things happen at once:
# questions side by side, or learning beside answering. The forward pass still uses every core.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Imports and a loaded version are a million objects that stay. Looking through them for garbage after every 700 new
# ones, as Python does otherwise, takes a sixth of a start, and stops every thread for up to 0.3 s while it serves.
gc.set_threshold(50_000, 20, 100)
