// A file of its own, because the page's policy lets no script run that stands in it.
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#documentation",
  deepLinking: true,
  displayRequestDuration: true,
  // The schemas are shown where they are used; the list of them can be opened.
  defaultModelsExpandDepth: 0,
  supportedSubmitMethods: ["get", "head", "options"],
  // It would send the description to a service elsewhere.
  validatorUrl: null,
});
