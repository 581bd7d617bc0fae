"""The HTTP side: API, channels and pages over the services. Views parse, call one service and shape the reply."""
