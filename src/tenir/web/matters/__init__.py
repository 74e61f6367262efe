"""The offer on a case's page: this customer has written about the same matter before."""
