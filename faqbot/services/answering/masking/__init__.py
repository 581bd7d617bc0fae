"""What of a question is not kept: addresses, numbers of people, codes and secrets."""
