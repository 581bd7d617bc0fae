"""Long answers, searched where no question of the knowledge base fits."""
