"""From a question to a reply, over the published version."""
