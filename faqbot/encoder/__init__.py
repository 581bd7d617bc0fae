"""Text to vectors: the models, where they come from, and the one way to open them (`faqbot.encoder.opening`).

Importing this package is cheap: it holds the value types; torch is loaded when an encoder is opened.
"""

from faqbot.encoder.caller import Caller
from faqbot.encoder.encoding import Encoder, EncoderInfo, Encoding, Progress, Report, Vector

__all__ = ["Caller", "Encoder", "EncoderInfo", "Encoding", "Progress", "Report", "Vector"]
