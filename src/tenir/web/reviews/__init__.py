"""The supervisors' queue of reviews, what they ask to change, and the page that tells everybody what was changed."""
