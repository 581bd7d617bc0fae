"""Opening the database, its transactions, its migrations, its clock."""
