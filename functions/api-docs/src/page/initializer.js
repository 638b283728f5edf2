// A file of its own, because the page's policy lets no script run that stands in it.

// Swagger UI puts every example into its form, and all filters at once find nothing: the example of
// what may be left out becomes a part of its description.
function describeExamples(parameters) {
  for (const parameter of parameters) {
    if (parameter.example !== undefined && !parameter.required) {
      const example = [parameter.example].flat().join(", ");
      parameter.description = `${parameter.description ?? ""} Example: \`${example}\``;
      delete parameter.example;
    }
  }
}

function emptyForms(description) {
  describeExamples(Object.values(description.components?.parameters ?? {}));
  for (const operations of Object.values(description.paths ?? {})) {
    for (const operation of Object.values(operations)) {
      describeExamples(operation.parameters ?? []);
    }
  }
  return description;
}

const updateJsonSpec = (update) => (description) => update(emptyForms(description));

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#documentation",
  deepLinking: true,
  displayRequestDuration: true,
  // The schemas are shown where they are used; the list of them can be opened.
  defaultModelsExpandDepth: 0,
  supportedSubmitMethods: ["get", "head", "options"],
  // It would send the description to a service elsewhere.
  validatorUrl: null,
  plugins: [() => ({ statePlugins: { spec: { wrapActions: { updateJsonSpec } } } })],
});
