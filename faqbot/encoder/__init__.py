"""Text to vectors."""

from faqbot.encoder.encoding import Encoder, EncoderInfo, Encoding, Progress, Vector

__all__ = ["Encoder", "EncoderInfo", "Encoding", "Progress", "Vector"]
