"""Pages of the oversight of reports; rules live in the services beside them."""
