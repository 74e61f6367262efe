"""One's own page, and the page of colleagues and teams: thin views over the people's verbs."""
