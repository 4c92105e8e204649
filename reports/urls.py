"""Addresses of the reports floor."""

urlpatterns = []
