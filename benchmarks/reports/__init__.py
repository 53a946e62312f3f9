"""How long the reports of many evaluations take, and what memory they hold."""
