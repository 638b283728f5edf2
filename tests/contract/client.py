"""Fetches films and rentals with the Python client that is generated from the OpenAPI document."""

import sys
from urllib.parse import parse_qs, urlsplit

from film_rentals import AuthenticatedClient
from film_rentals.api.films import get_film, list_categories, search_films
from film_rentals.api.rentals import rentals_by_customer
from film_rentals.models import Problem, SearchFilmsCount, SearchFilmsSort


def expect(what, holds):
    if not holds:
        sys.exit(f"error: the generated client returned unexpected data for {what}")


def pages(fetch, **parameters):
    """Returns the items of all pages. Each `next` has the cursor of the page after it."""
    items, page = [], fetch(**parameters)
    while True:
        items += page.items
        if page.next_ is None:
            return items
        cursor = parse_qs(urlsplit(page.next_).query)["cursor"][0]
        page = fetch(**parameters, cursor=cursor)


client = AuthenticatedClient(base_url=sys.argv[1], token="local")

found = search_films.sync(client=client, q="dinosaur", limit=3, count=SearchFilmsCount.EXACT)
expect("a search", found.match == "words" and len(found.items) == 3 and found.total > 3)
films = pages(search_films.sync, client=client, sort=SearchFilmsSort.VALUE_3, limit=100)
expect("the list of films", len({film.film_id for film in films}) == 1000)
film = get_film.sync(1, client=client)
expect("a film", film.title == films[[film.film_id for film in films].index(1)].title and film.actors)
categories = list_categories.sync(client=client)
expect("the categories", len(categories.items) == 16)
rentals = pages(rentals_by_customer.sync, customer_id=1, client=client, limit=10)
expect("the rentals", rentals and all(rentals[n].rental_date >= rentals[n + 1].rental_date for n in range(len(rentals) - 1)))
refused = search_films.sync(client=client, limit=101)
expect("a problem", isinstance(refused, Problem) and refused.errors[0].name == "limit")
print(f"the generated client fetched {len(films)} films and {len(rentals)} rentals")
