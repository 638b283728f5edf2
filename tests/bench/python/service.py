"""The service that this API replaces: FastAPI, SQLModel, asyncpg and Mangum, with its queries."""

import json
import os
import ssl

import boto3
from database import Category, Customer, Film, FilmCategory, Inventory, Rental
from fastapi import Depends, FastAPI, HTTPException
from mangum import Mangum
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession


def make_engine():
    secret = boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["DB_SECRET_ID"])
    secret = json.loads(secret["SecretString"])
    url = URL.create(
        "postgresql+asyncpg",
        secret["username"],
        secret["password"],
        secret["host"],
        secret["port"],
        secret["dbname"],
    )
    tls = ssl.create_default_context(cafile=os.environ["DB_CA_FILE"])
    return create_async_engine(url, pool_pre_ping=True, connect_args={"ssl": tls})


make_session = async_sessionmaker(make_engine(), class_=AsyncSession, expire_on_commit=False)
app = FastAPI(title="Films")


async def session():
    async with make_session() as opened:
        yield opened


@app.get("/films", response_model=list[Film])
async def films(title: str = "", skip: int = 0, limit: int = 20, db: AsyncSession = Depends(session)):
    query = select(Film).where(Film.title.ilike(f"%{title}%")).order_by(Film.film_id)
    return (await db.exec(query.offset(skip).limit(limit))).all()


@app.get("/categories/{name}/films", response_model=list[Film])
async def films_by_category(name: str, skip: int = 0, limit: int = 20, db: AsyncSession = Depends(session)):
    query = select(Film).join(FilmCategory).join(Category).where(Category.name.ilike(name))
    return (await db.exec(query.order_by(Film.film_id).offset(skip).limit(limit))).all()


@app.get("/customers/{customer_id}/rentals")
async def rentals(customer_id: int, skip: int = 0, limit: int = 20, db: AsyncSession = Depends(session)):
    if await db.get(Customer, customer_id) is None:
        raise HTTPException(404, "customer not found")
    query = select(Rental, Film.title).join(Inventory, Rental.inventory_id == Inventory.inventory_id)
    query = query.join(Film).where(Rental.customer_id == customer_id)
    query = query.order_by(Rental.rental_date.desc()).offset(skip).limit(limit)
    return [{**rental.model_dump(), "title": title} for rental, title in (await db.exec(query)).all()]


handler = Mangum(app, lifespan="off")
