"""From connections to whole requests, and from replies back to connections: what keeps slow clients out of threads."""
