//! Readable schemas: one object for what serde flattens, and short names.

use serde_json::{Map, Value, json};

/// utoipa's name of a list, ours, and the name of its items.
const LISTS: [(&str, &str, &str); 4] = [
    ("List_Category", "CategoryList", "Category"),
    ("List_Film", "FilmList", "Film"),
    ("List_FoundFilm_Search", "FoundFilmList", "FoundFilm"),
    ("List_Rental", "RentalList", "Rental"),
];

pub(crate) fn tidy(document: &mut Value) {
    let schemas = std::mem::take(&mut document["components"]["schemas"]);
    let Value::Object(mut schemas) = schemas else {
        return;
    };
    for (long, _, item) in LISTS {
        if let Some(items) = schemas.get_mut(long).and_then(items_of) {
            *items = json!({ "$ref": format!("#/components/schemas/{item}") });
        }
    }
    let whole = schemas.clone();
    for schema in schemas.values_mut() {
        *schema = merge(schema, &whole);
    }
    document["components"]["schemas"] = Value::Object(schemas);
    rename(document);
    drop_unused(document);
    examples(document);
}

fn items_of(list: &mut Value) -> Option<&mut Value> {
    let parts = list["allOf"].as_array_mut()?;
    let part = parts
        .iter_mut()
        .find(|part| part["properties"]["items"].is_object())?;
    part.pointer_mut("/properties/items/items")
}

/// Merges an `allOf` of objects into one object.
fn merge(schema: &Value, schemas: &Map<String, Value>) -> Value {
    let Some(parts) = schema["allOf"].as_array() else {
        return schema.clone();
    };
    let mut properties = Map::new();
    let mut required = Vec::new();
    for part in parts {
        let path = part["$ref"].as_str();
        let part = match path.and_then(|path| path.rsplit('/').next()) {
            // A struct without fields has no schema.
            Some(name) => schemas.get(name).unwrap_or(&Value::Null),
            None => part,
        };
        // Properties of only some alternatives are optional.
        for one in part["oneOf"].as_array().into_iter().flatten() {
            properties.extend(one["properties"].as_object().cloned().unwrap_or_default());
        }
        properties.extend(part["properties"].as_object().cloned().unwrap_or_default());
        required.extend(part["required"].as_array().cloned().unwrap_or_default());
    }
    json!({
        "type": "object",
        "description": schema["description"],
        "required": required,
        "properties": properties,
    })
}

fn rename(document: &mut Value) {
    walk(document, &mut |value| {
        let Some(Value::String(path)) = value.get_mut("$ref") else {
            return;
        };
        for (long, short, _) in LISTS {
            if path.ends_with(&format!("/{long}")) {
                *path = format!("#/components/schemas/{short}");
            }
        }
    });
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (long, short, _) in LISTS {
            if let Some(schema) = schemas.remove(long) {
                schemas.insert(short.to_owned(), schema);
            }
        }
    }
}

/// Removes the schemas that were only there to be merged.
fn drop_unused(document: &mut Value) {
    let text = document.to_string();
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        schemas.retain(|name, _| {
            name == "Problem" || text.contains(&format!("\"#/components/schemas/{name}\""))
        });
    }
}

/// Moves `example` to `examples`, which schemas have in OpenAPI 3.1. Those of query parameters move
/// into their schemas: Swagger UI fills in the example of a parameter, and all filters together find
/// nothing.
fn examples(document: &mut Value) {
    walk(document, &mut |value| {
        let Value::Object(map) = value else {
            return;
        };
        let is_schema = map.contains_key("type") && !map.contains_key("in");
        let is_query = map.get("in").is_some_and(|place| place == "query");
        if !is_schema && !is_query {
            return;
        }
        if let Some(example) = map.remove("example") {
            let schema = if is_query { &mut map["schema"] } else { value };
            schema["examples"] = json!([example]);
        }
    });
}

fn walk(value: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    visit(value);
    match value {
        Value::Object(map) => map.values_mut().for_each(|value| walk(value, visit)),
        Value::Array(items) => items.iter_mut().for_each(|value| walk(value, visit)),
        _ => {}
    }
}
