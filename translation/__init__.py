"""The catalogues of messages: brought up to date with the code, and compiled (`make messages`)."""
