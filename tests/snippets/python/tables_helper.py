"""Shared by tasks."""

ORDERS = "orders"
TARGET = "orders_clean"


def with_country(session, df):
    return df.join(session.table("lookup.countries"), on="iso2")
