"""What is wrong with a knowledge base, whether or not it is published."""
