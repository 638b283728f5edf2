"""The tables, as far as the service reads them."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ARRAY, Column, DateTime, Text
from sqlmodel import Field, SQLModel


def moment(**options):
    return Field(sa_column=Column(DateTime(timezone=True)), **options)


class Film(SQLModel, table=True):
    film_id: int = Field(primary_key=True)
    title: str
    description: str | None
    release_year: int | None
    language_id: int
    rental_duration: int
    rental_rate: Decimal
    length: int | None
    replacement_cost: Decimal
    rating: str | None
    special_features: list[str] | None = Field(sa_column=Column(ARRAY(Text)))
    last_update: datetime = moment()
    streaming_available: bool


class Category(SQLModel, table=True):
    category_id: int = Field(primary_key=True)
    name: str


class FilmCategory(SQLModel, table=True):
    __tablename__ = "film_category"
    film_id: int = Field(primary_key=True, foreign_key="film.film_id")
    category_id: int = Field(primary_key=True, foreign_key="category.category_id")


class Customer(SQLModel, table=True):
    customer_id: int = Field(primary_key=True)


class Inventory(SQLModel, table=True):
    inventory_id: int = Field(primary_key=True)
    film_id: int = Field(foreign_key="film.film_id")


class Rental(SQLModel, table=True):
    rental_id: int = Field(primary_key=True)
    rental_date: datetime = moment()
    return_date: datetime | None = moment(default=None)
    inventory_id: int
    customer_id: int
    staff_id: int
